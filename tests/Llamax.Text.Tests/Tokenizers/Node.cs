using System.Diagnostics;
using System.Text.Json;
using Llamax.Testing;

namespace Llamax.Text.Tests.Tokenizers;

/// <summary>
/// The reference libraries that come as packages for Node.js: Hugging Face's <c>tokenizers</c> and OpenAI's
/// <c>tiktoken</c>. They are looked for in the folder that NODE_PATH names, then in <c>.build/npm/node_modules</c>, where <c>.ci/run</c> puts them.
/// </summary>
internal static class Node
{
    private const string ReadTexts = "const fs = require('fs'); const [, input, ...args] = process.argv; const texts = JSON.parse(fs.readFileSync(input, 'utf8'));\n"
        + "const out = []; const say = value => { out.push(JSON.stringify(value)); if (out.length >= 1000) { fs.writeSync(1, out.join('\\n') + '\\n'); out.length = 0; } };\n";

    private const string Flush = "\nif (out.length) fs.writeSync(1, out.join('\\n') + '\\n');";

    /// <summary>tiktoken's ids; arguments: a rank file, the pattern.</summary>
    public const string Tiktoken = ReadTexts
        + "const ranks = fs.readFileSync(args[0], 'utf8').trim().split('\\n').map(line => line.split(' ')[0]);\n"
        + "const encoding = new (require('tiktoken').Tiktoken)('! 0 ' + ranks.join(' '), {}, args[1]);\n"
        + "for (const text of texts) say([...encoding.encode_ordinary(text)]);" + Flush;

    /// <summary>One of tiktoken's own rank files, line by line; the argument: its name.</summary>
    public const string TiktokenRanks = ReadTexts
        + "const ranks = []; for (const block of require('tiktoken/encoders/' + args[0] + '.json').bpe_ranks.split('\\n')) {\n"
        + "const [, first, ...tokens] = block.split(' '); tokens.forEach((token, i) => ranks[Number(first) + i] = token); }\n"
        + "ranks.forEach((token, i) => say(token + ' ' + i));" + Flush;

    /// <summary>Hugging Face's ids; the argument: a tokenizer.json.</summary>
    public const string HuggingFace = ReadTexts
        + "(async () => { const tokenizer = require('tokenizers').Tokenizer.fromFile(args[0]);\n"
        + "for (let i = 0; i < texts.length; i += 1000) for (const encoding of await tokenizer.encodeBatch(texts.slice(i, i + 1000), { addSpecialTokens: false })) say(encoding.getIds());"
        + Flush + "})();";

    /// <summary>Hugging Face's ids and their text without special tokens; the argument: a tokenizer.json.</summary>
    public const string HuggingFaceBothWays = ReadTexts
        + "(async () => { const tokenizer = require('tokenizers').Tokenizer.fromFile(args[0]);\n"
        + "for (let i = 0; i < texts.length; i += 1000) {\n"
        + "const ids = (await tokenizer.encodeBatch(texts.slice(i, i + 1000), { addSpecialTokens: false })).map(encoding => encoding.getIds());\n"
        + "const decoded = await tokenizer.decodeBatch(ids, true); ids.forEach((row, j) => say({ Ids: row, Text: decoded[j] })); }"
        + Flush + "})();";

    /// <summary>Calls <c>build</c> of a module; arguments: the module, what to call it with.</summary>
    public const string Build = ReadTexts + "import(args[0]).then(module => module.build(...args.slice(1)));";

    /// <summary>Hugging Face's words before any model; the argument: a tokenizer.json.</summary>
    public const string HuggingFaceWords = ReadTexts
        + "const split = require('tokenizers').Tokenizer.fromFile(args[0]).getPreTokenizer();\n"
        + "for (const text of texts) say(split.preTokenizeString(text).map(([word]) => word));" + Flush;

    /// <summary>Runs a script on texts; skips the calling test where Node.js or the package is missing.</summary>
    /// <returns>What the script says about each text, as JSON.</returns>
    public static T[] Run<T>(string script, string package, IReadOnlyList<string> texts, params string[] arguments)
    {
        var program = Shared.Program("node", "nodejs");
        var modules = new[] { Environment.GetEnvironmentVariable("NODE_PATH") ?? "", Path.Combine(Shared.Repository, ".build", "npm", "node_modules") }
            .FirstOrDefault(folder => Directory.Exists(Path.Combine(folder, package)));
        Assert.SkipWhen(modules is null, $"needs the package {package}: npm install --prefix .build/npm {package}");
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("texts.json"), JsonSerializer.SerializeToUtf8Bytes(texts));
        var start = new ProcessStartInfo(program, ["-e", script, folder.File("texts.json"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new System.Text.UTF8Encoding(false),
        };
        start.Environment["NODE_PATH"] = modules;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var results = new List<T>();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            results.Add(JsonSerializer.Deserialize<T>(line)!);
        }

        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return [.. results];
    }
}
