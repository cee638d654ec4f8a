// Parses HCL: {"NAME": "TEXT", ...} on the input, {"NAME": {parsed} or {"error": "..."}, ...} on the output. Argument: the folder of
// node_modules.
const { createRequire } = require('node:module');
const { parse } = createRequire(process.argv[2] + '/')('@cdktf/hcl2json');

(async () => {
    let input = '';
    for await (const part of process.stdin) input += part;
    const result = {};
    for (const [name, text] of Object.entries(JSON.parse(input))) {
        try {
            result[name] = await parse(name, text);
        } catch (error) {
            result[name] = { error: String(error.message ?? error) };
        }
    }
    process.stdout.write(JSON.stringify(result));
})();
