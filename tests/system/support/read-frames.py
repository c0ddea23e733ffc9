"""What Python makes of the stream documents of a run: bluesky's consolidators say what is announced, h5py what is in the files.

Reads the documents as a JSON list of [name, doc] on standard input; prints one JSON object by data key.
"""

import json
import sys
from urllib.parse import unquote, urlparse

import h5py
import numpy as np
from bluesky.consolidators import consolidator_factory

documents = json.load(sys.stdin)
descriptors = {doc["uid"]: doc for name, doc in documents if name == "descriptor"}
consolidators = {}
found = {}
for name, doc in documents:
    if name == "stream_resource":
        consolidators[doc["uid"]] = doc
    if name == "stream_datum":
        resource = consolidators[doc["stream_resource"]]
        if isinstance(resource, dict):
            resource = consolidator_factory(resource, descriptors[doc["descriptor"]])
            consolidators[doc["stream_resource"]] = resource
        resource.consume_stream_datum(doc)
for consolidator in consolidators.values():
    url = urlparse(consolidator.uri)
    assert url.scheme == "file" and url.netloc == "localhost", consolidator.uri
    with h5py.File(unquote(url.path)) as file:
        dataset = file[consolidator.adapter_parameters()["dataset"]]
        data = dataset[:]
        is_text = data.dtype.kind == "S"
        found.setdefault(consolidator.data_key, []).append(
            {
                "announced": list(consolidator.shape),
                "announcedType": str(consolidator.data_type.to_numpy_dtype()),
                "shape": list(data.shape),
                "type": str(data.dtype),
                "chunks": dataset.chunks and list(dataset.chunks),
                "announcedChunks": list(consolidator.chunk_shape),
                "skips": consolidator.has_skips,
                "sums": [] if is_text else [float(np.sum(frame, dtype=np.float64)) for frame in data],
                "firstPixels": [] if is_text else [float(np.ravel(frame)[0]) for frame in data],
                "texts": [one.decode() for one in data] if is_text else [],
            }
        )
print(json.dumps(found))
