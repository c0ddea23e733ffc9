process.env.CERULEAN_SOAK = "1";
await import("./test.mjs");
