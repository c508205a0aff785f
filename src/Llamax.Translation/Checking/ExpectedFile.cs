using System.Text.Json;
using System.Text.Json.Serialization;
using Llamax.Translation.Generation;

namespace Llamax.Translation.Checking;

/// <summary>The reference inputs and outputs of <c>expected.json</c>, checked for their shapes.</summary>
internal sealed record ExpectedFile
{
    private const long MaximalLength = 256 << 20;

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true, // Elements of arrays and dictionaries are not covered by it: see Check.
    };

    public IReadOnlyDictionary<string, ForwardCase> Forward { get; init; } = new Dictionary<string, ForwardCase>();

    public IReadOnlyDictionary<string, ForwardCase> GenerateInputs { get; init; } = new Dictionary<string, ForwardCase>();

    public IReadOnlyDictionary<string, GenerateCase> Generate { get; init; } = new Dictionary<string, GenerateCase>();

    public static ExpectedFile Read(string file, int vocabulary)
    {
        try
        {
            using var stream = File.OpenRead(file);
            if (stream.Length > MaximalLength)
            {
                throw new LlamaxException($"{file}: is longer than {MaximalLength:N0} bytes.");
            }

            var expected = JsonSerializer.Deserialize<ExpectedFile>(stream, Format)
                ?? throw new LlamaxException($"{file}: a JSON object was expected.");
            foreach (var (name, input) in expected.Forward.Concat(expected.GenerateInputs))
            {
                Present(input, $"{file}: {name}").Check($"{file}: {name}", vocabulary);
            }

            foreach (var (name, generate) in expected.Generate)
            {
                if (Array.Exists(Present(generate, $"{file}: generate.{name}").Sequences, row => row is null))
                {
                    throw new LlamaxException($"{file}: generate.{name}: a row of sequences is null; a list of tokens was expected.");
                }
            }

            return expected;
        }
        catch (JsonException exception)
        {
            throw new LlamaxException($"{file}: {exception.Message}", exception);
        }
    }

    /// <summary>The input of a generation: named by the case, or the forward case before the slash of its name.</summary>
    public ForwardCase InputOf(string name, GenerateCase generate, string file)
    {
        var input = generate.Input ?? name.Split('/')[0];
        return GenerateInputs.GetValueOrDefault(input) ?? Forward.GetValueOrDefault(input)
            ?? throw new LlamaxException($"{file}: generate.{name}: there is no input '{input}' in generate_inputs or forward.");
    }

    private static T Present<T>(T? value, string where)
        where T : class => value ?? throw new LlamaxException($"{where} is null; a JSON object was expected.");

    /// <summary>A batch of token ids with what belongs to it, rows of equal length.</summary>
    internal sealed record ForwardCase
    {
        /// <summary>The label of tokens that do not count into the loss.</summary>
        public const long Ignored = -100;

        public required long[][] InputIds { get; init; }

        public long[][]? AttentionMask { get; init; }

        public long[][]? PositionIds { get; init; }

        /// <summary>What the decoder of an encoder-decoder model reads, to which the labels belong.</summary>
        public long[][]? DecoderInputIds { get; init; }

        public long[][]? Labels { get; init; }

        public double? Loss { get; init; }

        public void Check(string where, int vocabulary)
        {
            if (InputIds is not [{ Length: > 0 }, ..])
            {
                throw new LlamaxException($"{where}: input_ids is empty.");
            }

            CheckRows(InputIds, ("input_ids", InputIds), ("attention_mask", AttentionMask), ("position_ids", PositionIds));
            CheckRows(DecoderInputIds ?? InputIds, ("decoder_input_ids", DecoderInputIds), ("labels", Labels));

            if (Labels is not null && Labels.SelectMany(row => row).Any(id => id != Ignored && (id < 0 || id >= vocabulary)))
            {
                throw new LlamaxException($"{where}: a label is neither {Ignored} nor in the model's vocabulary of {vocabulary}.");
            }

            if (InputIds.Concat(DecoderInputIds ?? []).SelectMany(row => row).Any(id => id < 0 || id >= vocabulary))
            {
                throw new LlamaxException($"{where}: a token of input_ids is outside the model's vocabulary of {vocabulary}.");
            }

            void CheckRows(long[][] shape, params (string Name, long[][]? Rows)[] all)
            {
                foreach (var (name, rows) in all)
                {
                    if (rows is not null && (rows.Length != InputIds.Length || Array.Exists(rows, row => row is not { Length: > 0 } || row.Length != shape[0].Length)))
                    {
                        throw new LlamaxException($"{where}: {name} does not have the shape [{InputIds.Length}, {shape.FirstOrDefault()?.Length ?? InputIds[0].Length}].");
                    }
                }
            }
        }

        /// <summary>Whether the token is no padding.</summary>
        public bool IsReal(int row, int column) => AttentionMask is null || AttentionMask[row][column] != 0;
    }

    /// <summary>What a search is expected to give.</summary>
    internal sealed record GenerateCase
    {
        public required Arguments Kwargs { get; init; }

        public string? Input { get; init; }

        public required int[][] Sequences { get; init; }

        public double[]? SequencesScores { get; init; }
    }

    /// <summary>The arguments of Hugging Face's <c>generate</c>.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Arguments
    {
        public int NumBeams { get; init; } = 1;

        public int NumReturnSequences { get; init; } = 1;

        public double LengthPenalty { get; init; } = 1;

        public JsonElement EarlyStopping { get; init; }

        public bool DoSample { get; init; }

        public int MaxNewTokens { get; init; } = 20;

        public int? ForcedBosTokenId { get; init; }

        /// <summary>The same for our search. The reference takes what decides between beams for a greedy search too, and does not use it.</summary>
        public GenerationOptions ToOptions(int batchTokens) => new()
        {
            Beams = NumBeams,
            Hypotheses = NumReturnSequences,
            LengthPenalty = NumBeams == 1 ? new GenerationOptions().LengthPenalty : LengthPenalty,
            EarlyStopping = EarlyStopping.ValueKind switch
            {
                _ when NumBeams == 1 => Generation.EarlyStopping.False,
                JsonValueKind.True => Generation.EarlyStopping.True,
                JsonValueKind.String => Generation.EarlyStopping.Never,
                _ => Generation.EarlyStopping.False,
            },
            MaxNewTokens = MaxNewTokens,
            BatchTokens = batchTokens,
        };
    }
}
