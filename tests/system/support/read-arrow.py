"""Reads an Arrow file as pyarrow sees it: types, values and metadata, as JSON."""

import json
import sys

import pyarrow

with pyarrow.OSFile(sys.argv[1]) as file, pyarrow.ipc.open_file(file) as reader:
    table = reader.read_all()
print(
    json.dumps(
        {
            "types": {field.name: str(field.type) for field in table.schema},
            "columns": {name: table[name].to_pylist() for name in table.column_names},
            "uid": json.loads(table.schema.metadata[b"start"])["uid"],
            "source": json.loads(table.schema.field("x").metadata[b"data_key"])["source"],
        }
    )
)
