// `npm run verify`: types, shape and unit, in seconds and without services.
process.argv.push("types", "shape", "unit");
await import("./test.ts");
