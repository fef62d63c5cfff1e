"""Which commit of the project at hand a result was made from."""

from argand.commits import commit as commit
