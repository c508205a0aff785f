using System.ComponentModel.DataAnnotations;
using CsCheck;
using Llamax.Recipes.Yaml;

namespace Llamax.Recipes.Tests.Yaml;

public sealed class RecipeBinderTests
{
    private static readonly LanguageCheck Languages = new(
        code => code switch { "en" or "fr" or "zh" => code, "fra" => "fr", "zh-Hant" => "zhtrad", _ => null }, code => code == "fre" ? "fr" : null);

    [Fact]
    public void Every_kind_of_value_is_bound()
    {
        var sample = Bind("""
            name: "7"
            count: 25_000
            big: -3
            rate: 1e-4
            flag: true
            shape: two_words
            optional: 3
            languages: [en, fr]
            files: { en: [a, b], fr: c }
            sets:
              - { en: x, zh: y }
            inner: { depth: 2 }
            extra: 0.5
            """);

        Assert.Equal("7", sample.Name);
        Assert.Equal((25_000, -3L, 1e-4, true), (sample.Count, sample.Big, sample.Rate, sample.Flag));
        Assert.Equal(Shape.TwoWords, sample.Shape);
        Assert.Equal(3, sample.Optional);
        Assert.Equal(["en", "fr"], sample.Languages);
        Assert.Equal(["a", "b"], sample.Files["en"]);
        Assert.Equal(["c"], sample.Files["fr"]);
        Assert.Equal("y", sample.Sets[0]["zh"]);
        Assert.Equal(2, sample.Inner.Depth);
        Assert.Equal(0.5, sample.Same.Extra);
    }

    [Fact]
    public void Languages_have_one_code_whichever_is_written()
    {
        var sample = Bind("name: x\nlanguages: [zh-Hant, fra]\nfiles: { fra: [a] }\npairs: { zh-Hant-fra: [b] }\nsets: [{ fra: c }]");

        Assert.Equal(["zhtrad", "fr"], sample.Languages);
        Assert.Equal("fr", Assert.Single(sample.Files).Key);
        Assert.Equal("zhtrad-fr", Assert.Single(sample.Pairs).Key);
        Assert.Equal("fr", Assert.Single(sample.Sets[0]).Key);
    }

    [Fact]
    public void What_is_left_out_keeps_its_default()
    {
        var sample = Bind("name: x\ninner:\n");

        Assert.Equal((10, 0.1, false, null), (sample.Count, sample.Rate, sample.Flag, sample.Optional));
        Assert.Equal(1, sample.Inner.Depth);
    }

    [Theory]
    [InlineData("nam: x", "r.yaml:1: unknown key 'nam'; did you mean 'name'?")]
    [InlineData("name: x\ninner:\n  dpeth: 3", "r.yaml:3: unknown key 'dpeth' in inner; did you mean 'depth'?")]
    [InlineData("name: x\ninner:\n  zzzzzzz: 3", "r.yaml:3: unknown key 'zzzzzzz' in inner; known keys: depth, limit.")]
    [InlineData("count: 3", "r.yaml:1: key 'name' is missing.")]
    [InlineData("name: x\ncount: many", "r.yaml:2: count must be a whole number, not 'many'.")]
    [InlineData("name: x\ncount: 2.5", "r.yaml:2: count must be a whole number, not '2.5'.")]
    [InlineData("name: x\ncount: '3'", "r.yaml:2: count must be a whole number, not '3'.")]
    [InlineData("name: x\ncount: [1]", "r.yaml:2: count must be a whole number, not a list.")]
    [InlineData("name: x\ncount:", "r.yaml:2: count has no value; write one or remove the key.")]
    [InlineData("name: x\nrate: 1.5", "r.yaml:2: rate is 1.5; it must be from 0 to 1.")]
    [InlineData("name: x\nrate: .nan", "r.yaml:2: rate must be a number, not '.nan'.")]
    [InlineData("name: x\ncount: 0", "r.yaml:2: count is 0; it must be at least 1.")]
    [InlineData("name: x\nflag: maybe", "r.yaml:2: flag must be true or false, not 'maybe'.")]
    [InlineData("name: x\nshape: two_word", "r.yaml:2: shape must be one of one, two_words, not 'two_word'. Did you mean 'two_words'?")]
    [InlineData("name: x\ninner: 3", "r.yaml:2: inner must be a group of keys, not '3'.")]
    [InlineData("name: x\nlanguages: [en, fre]", "r.yaml:2: unknown language 'fre'; did you mean 'fr'? `llamax languages` lists all.")]
    [InlineData("name: x\nfiles:\n  xx: [a]", "r.yaml:3: unknown language 'xx'. `llamax languages` lists all.")]
    [InlineData("name: x\npairs: { enfr: [a] }", "r.yaml:2: 'enfr' is no pair of languages; write it as en-fr.")]
    [InlineData("name: x\nlanguages: [en, en]", "r.yaml:2: 'en' is there twice (also at r.yaml:2); remove one of the two.")]
    [InlineData("name: x\nlanguages:\n  - fr\n  - fra", "r.yaml:4: 'fra' means the same as 'fr' (r.yaml:3): both are fr. Name it once.")]
    [InlineData("name: x\nfiles:\n  fra: [a]\n  fr: [b]", "r.yaml:4: 'fr' means the same as 'fra' (r.yaml:3): both are fr. Name it once.")]
    [InlineData("name: x\npairs:\n  fra-zh-Hant: [a]\n  fr-zh-Hant: [b]", "r.yaml:4: 'fr-zh-Hant' means the same as 'fra-zh-Hant' (r.yaml:3): both are fr-zhtrad. Name it once.")]
    [InlineData("name: x\npairs: { fra-fr: [a] }", "r.yaml:2: 'fra-fr' names one language twice, fr; a pair needs two.")]
    [InlineData("name: x\nname: y", "r.yaml:2: key 'name' is there already (r.yaml:1); remove one of the two.")]
    [InlineData("name: x\ninner: { depth: 9, limit: 2 }", "r.yaml:2: inner: depth is above limit.")]
    [InlineData("name: *x", "r.yaml:1: aliases (*x) are not read in recipes; write the value out.")]
    [InlineData("- a", "r.yaml:1: the recipe must be a group of keys, not a list.")]
    public void Each_mistake_has_its_message(string yaml, string message) =>
        Assert.Equal(message, Assert.Throws<LlamaxException>(() => Bind(yaml)).Message);

    [Fact]
    public void All_mistakes_come_at_once()
    {
        var error = Assert.Throws<LlamaxException>(() => Bind("nam: x\ncount: 0\ninner: { dept: 1 }\nlanguages: [qq]"));

        Assert.Equal(4, error.Message.Split('\n').Length);
    }

    [Fact]
    public void Broken_yaml_names_the_line() =>
        Assert.StartsWith("r.yaml:2: this is not YAML: ", Assert.Throws<LlamaxException>(() => Bind("name: x\ncount: ]\n")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("inner.depth=5")]
    [InlineData(" inner . depth =5")]
    public void An_override_replaces_a_key_or_adds_it(string assignment)
    {
        Assert.Equal(5, Bind("name: x", assignment).Inner.Depth);
        Assert.Equal(5, Bind("name: x\ninner: { depth: 2 }", assignment).Inner.Depth);
    }

    [Fact]
    public void An_override_can_be_a_list_and_reach_into_one()
    {
        Assert.Equal(["fr"], Bind("name: x\nlanguages: [en]", "languages=[fr]").Languages);
        Assert.Equal("z", Bind("name: x\nsets: [{ en: a }]", "sets.0.en=z").Sets[0]["en"]);
    }

    [Theory]
    [InlineData("inner.dept=5", "--set inner.dept=5: unknown key 'dept' in inner; did you mean 'depth'?")]
    [InlineData("count=no", "--set count=no: count must be a whole number, not 'no'.")]
    [InlineData("count", "--set count: expected key=value, for example --set pretrain.learning_rate=1e-4")]
    [InlineData("sets.4.en=a", "--set sets.4.en=a: sets is a list of 1; '4' is no place in it (0 to 0).")]
    [InlineData("name.x=a", "--set name.x=a: name is 'x', which has no keys below it.")]
    public void A_wrong_override_is_named(string assignment, string message) =>
        Assert.Equal(message, Assert.Throws<LlamaxException>(() => Bind("name: x\nsets: [{ en: a }]", assignment)).Message);

    [Fact]
    public void Paths_start_from_where_they_are_written()
    {
        Assert.Equal("/recipes/up/x", Bind("name: x\nplace: ../recipes/up/x").Place);
        Assert.Equal(Path.GetFullPath("up/x"), Bind("name: x", "place=up/x").Place);
    }

    [Fact]
    public void Nothing_but_a_user_error_comes_from_any_text()
    {
        string[] pieces = ["name", ":", " ", "\n", "  ", "- ", "[", "]", "{", "}", "&a", "*a", "!!int", "'", "\"", "|", ">", "%", "---",
            "...", "inner", "count", "languages", "files", "\t", "\0", "\uFEFF", "é", "\uD800", "<<", "?", "=", "1e999", "99999999999999999999", "~", ",", "#", "\\x"];
        Gen.Int[0, pieces.Length - 1].Array[0, 30].Select(picks => string.Concat(picks.Select(pick => pieces[pick]))).Sample(text =>
        {
            try
            {
                Bind(text, text);
            }
            catch (LlamaxException)
            {
                // What a user can mend.
            }
        }, iter: 20_000);
    }

    private static Sample Bind(string yaml, params string[] overrides)
    {
        var errors = new ErrorList();
        var root = RecipeParser.Parse(yaml, mark => new Origin($"r.yaml:{mark.Line}", "/recipes"), errors)
            ?? (errors.Count > 0 ? null : new MapNode(new Origin("r.yaml:1", "/recipes")));
        if (root is null)
        {
            errors.ThrowIfAny();
        }

        if (root is MapNode map)
        {
            Array.ForEach(overrides, each => RecipeOverrides.Apply(map, each, errors));
        }

        var sample = new RecipeBinder(errors, Languages).Bind<Sample>(root!);
        errors.ThrowIfAny();
        return sample;
    }

    internal enum Shape
    {
        One,
        TwoWords,
    }

    internal sealed record Sample
    {
        [Required]
        public string Name { get; init; } = "";

        [Range(1, int.MaxValue)]
        public int Count { get; init; } = 10;

        public long Big { get; init; }

        [Range(0.0, 1.0)]
        public double Rate { get; init; } = 0.1;

        public bool Flag { get; init; }

        public Shape Shape { get; init; }

        public int? Optional { get; init; }

        [LanguageCodes]
        public IReadOnlyList<string> Languages { get; init; } = [];

        [LanguageCodes]
        public IReadOnlyDictionary<string, IReadOnlyList<string>> Files { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

        [LanguageCodes(Pairs = true)]
        public IReadOnlyDictionary<string, IReadOnlyList<string>> Pairs { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

        [LanguageCodes]
        public IReadOnlyList<IReadOnlyDictionary<string, string>> Sets { get; init; } = [];

        [RelativePath]
        public string? Place { get; init; }

        public Inner Inner { get; init; } = new();

        [SameLevel]
        public Same Same { get; init; } = new();
    }

    internal sealed record Inner : IValidatableObject
    {
        public int Depth { get; init; } = 1;

        public int Limit { get; init; } = 5;

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Depth > Limit)
            {
                yield return new ValidationResult("depth is above limit.", [nameof(Depth)]);
            }
        }
    }

    internal sealed record Same
    {
        public double Extra { get; init; }
    }
}
