"""Which other gradient a wrong one is: what its author may mean, named so that he can say so."""
