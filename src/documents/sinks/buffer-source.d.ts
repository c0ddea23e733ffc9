/** A name of the browser's library, which the declarations of @msgpack/msgpack use. */
type BufferSource = ArrayBufferView | ArrayBuffer;
