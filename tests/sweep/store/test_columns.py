"""The tables of a sweep have the columns that every reader knows, empty ones too."""

import pyarrow as pa
import pytest

from argand.sweep.store.columns import FRONTIERS, MAP, WORST, table


@pytest.mark.parametrize("schema", [FRONTIERS, WORST])
def test_a_table_begins_with_its_map_and_is_typed_though_it_is_empty(schema):
    assert schema.names[: len(MAP)] == MAP
    assert table([], schema).schema == schema
    assert table([], schema).num_rows == 0


def test_a_row_has_a_value_for_each_column():
    row = [1.5 if kind == pa.float64() else "word" for kind in WORST.types]
    unknown = [None if name == "condition" else value
               for name, value in zip(WORST.names, row, strict=True)]  # fmt: skip
    found = table([row, unknown], WORST)
    assert found.schema == WORST
    assert found["condition"].to_pylist() == [1.5, None]
    with pytest.raises(ValueError, match="argument"):
        table([row[:-1]], WORST)
