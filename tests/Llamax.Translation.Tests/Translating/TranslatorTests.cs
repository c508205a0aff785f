using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Llamax.Models;
using Llamax.Testing;
using Llamax.Text.Prompts;
using Llamax.Text.Randomness;
using Llamax.Text.Tokenizers;
using Llamax.Translation.Generation;
using Llamax.Translation.Translating;

namespace Llamax.Translation.Tests.Translating;

public class TranslatorTests
{
    private static readonly TranslationOptions Options = new() { Generation = new GenerationOptions { MaxNewTokens = 8 } };
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Each_text_gets_its_own_translation_in_its_place()
    {
        using var translator = Tiny();
        string[] texts = ["The house is old.", "", "Tea", "12:30 – 14,5 %", "Water and bread and milk and salt.", "  "];
        var all = await translator.TranslateAsync(texts, "en", "fr", Options);
        Assert.Equal(texts, all.Select(text => text.Source));
        for (var i = 0; i < texts.Length; i++)
        {
            Assert.Equal(Assert.Single(await translator.TranslateAsync([texts[i]], "en", "fr", Options)).Text, all[i].Text);
        }

        Assert.Equal(["", "12:30 – 14,5 %", "  "], new[] { all[1].Text, all[3].Text, all[5].Text });
        Assert.All(new[] { 0, 2, 4 }, i => Assert.InRange(all[i].Hypotheses[0].Tokens, 1, 8));
        Assert.All(all, text => Assert.DoesNotContain('\n', text.Text));
        Assert.NotEqual(all[0].Text, all[4].Text);
    }

    [Fact]
    public async Task Translation_is_what_the_search_gives_for_the_prompt()
    {
        var (model, tokenizer) = (Model(), Tokenizer());
        var prompt = PromptEncoder.Encode(
            PromptTemplate.Find("alpaca"), "Translate the following sentences from English to French.", "Tea is hot.", tokenizer);
        var best = new BeamSearch(model).Generate([prompt], Options.Generation)[0][0];
        using var translator = new Translator(model, tokenizer);
        var found = (await translator.TranslateAsync(["Tea is hot."], "en", "fr", Options))[0].Hypotheses[0];
        Assert.Equal(tokenizer.Decode([.. best.Ids]).ReplaceLineEndings(" ").Trim(), found.Text);
        Assert.Equal(best.Score, found.Score);
    }

    [Fact]
    public async Task Pivot_translates_the_translation()
    {
        using var translator = Tiny();
        var english = (await translator.TranslateAsync(["Le thé est chaud."], "fr", "en", Options))[0].Text;
        var direct = (await translator.TranslateAsync([english], "en", "zh", Options))[0].Text;
        var through = (await translator.TranslateAsync(["Le thé est chaud."], "fr", "zh", Options with { Via = "en" }))[0];
        Assert.Equal(("Le thé est chaud.", english, direct), (through.Source, through.Pivot, through.Text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("zh")]
    public async Task The_share_that_is_done_is_told_text_by_text(string? via)
    {
        using var translator = Tiny();
        var shares = new Shares();
        string[] texts = ["The house is old.", "Tea", "12:30", "Water and bread and milk and salt."];
        await translator.TranslateAsync(texts, "en", "fr", Options with { Via = via }, progress: shares);
        Assert.Equal(shares.Told.Order(), shares.Told);
        Assert.Equal(1, shares.Told[^1]);
        Assert.True(shares.Told.Count >= (via is null ? 3 : 4));
        Assert.True(shares.Told[0] <= (via is null ? 1 / 3.0 : 1 / 6.0));
    }

    [Theory]
    [InlineData("xx-nope", "fr", null, "xx-nope")]
    [InlineData("en", "en", null, "same language")]
    [InlineData("en", "fr", "fr", "same language")]
    public async Task Languages_are_checked(string from, string to, string? via, string message)
    {
        using var translator = Tiny();
        var error = await Assert.ThrowsAsync<LlamaxException>(() => translator.TranslateAsync(["a"], from, to, Options with { Via = via }));
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public async Task A_text_too_lengthyfor_the_model_is_cut_and_says_so()
    {
        using var translator = Tiny();
        var text = string.Concat(Enumerable.Repeat("word ", 600)).Trim();
        var found = (await translator.TranslateAsync(["short", text], "en", "fr", Options))[1];
        Assert.Equal(text, found.Source);
        Assert.Contains(found.Events, each => each.Kind == TranslationEventKind.Cut);
        Assert.Contains(found.Events, each => each.Kind == TranslationEventKind.Split);
    }

    [Fact]
    public async Task Lines_and_sentences_are_translated_by_themselves_and_put_together_again()
    {
        using var translator = Tiny();
        var options = Options with { SentenceTokens = 5 };
        var (tea, milk) = ((await translator.TranslateAsync("Tea is very hot.", "en", "fr", options)).Text, (await translator.TranslateAsync("Milk is cold!", "en", "fr", options)).Text);
        var found = await translator.TranslateAsync("Tea is very hot.  Milk is cold!\n\n12:30\nTea is very hot.\n", "en", "fr", options);
        Assert.Equal($"{tea}  {milk}\n\n12:30\n{tea}\n", found.Text);
        Assert.Contains(found.Events, each => each is { Kind: TranslationEventKind.Split, Detail: "4 parts" });
    }

    [Fact]
    public async Task A_line_keeps_its_end()
    {
        using var translator = Tiny();
        Assert.Equal($"{(await translator.TranslateAsync("Tea.", "en", "fr", Options)).Text}\n", (await translator.TranslateAsync("Tea.\n", "en", "fr", Options)).Text);
    }

    [Fact]
    public async Task What_has_no_letters_passes_through_and_says_so()
    {
        using var translator = Tiny();
        var found = await translator.TranslateAsync("12:30 – 14,5 %", "en", "fr", Options);
        Assert.Equal(TranslationEventKind.PassedThrough, Assert.Single(found.Events).Kind);
    }

    [Fact]
    public async Task The_first_hypothesis_in_the_right_language_is_taken()
    {
        using var translator = Tiny();
        var all = await translator.TranslateAsync("Tea is hot.", "en", "fr", Options with { Generation = Options.Generation with { Hypotheses = 4 } });
        var wanted = all.Hypotheses[2].Text;
        var found = await translator.TranslateAsync("Tea is hot.", "en", "fr", Options with { IsInLanguage = (text, code) => code == "fr" && text == wanted });
        Assert.Equal(wanted, found.Text);
        Assert.Contains(found.Events, each => each.Kind == TranslationEventKind.LanguageChosen);
        found = await translator.TranslateAsync("Tea is hot.", "en", "fr", Options with { IsInLanguage = (_, _) => false });
        Assert.Equal(all.Text, found.Text);
        Assert.Contains(found.Events, each => each.Kind == TranslationEventKind.WrongLanguage);
    }

    [Fact]
    public async Task A_loop_is_searched_for_once_more()
    {
        // Layers that add nothing, and an output that is the embedding: each token is followed by itself.
        var model = new CausalLanguageModel(TinyConfig.WithVocabulary(Tokenizer().VocabularySize) with { TiedEmbeddings = true });
        model.InitializeWeights(new RandomStream(7, "weights"));
        using (TorchSharp.torch.no_grad())
        {
            foreach (var (name, value) in model.Weights().Where(weight => weight.Name.EndsWith("o_proj.weight", StringComparison.Ordinal) || weight.Name.EndsWith("down_proj.weight", StringComparison.Ordinal)))
            {
                value.zero_();
            }
        }

        using var translator = new Translator(model, Tokenizer());
        var lengthy = new TranslationOptions { Generation = new GenerationOptions { Beams = 1, MaxNewTokens = 200 } };
        var plain = await translator.TranslateAsync("Tea is hot.", "en", "fr", lengthy with { LoopNgram = 0 });
        Assert.Contains(plain.Events, each => each.Kind == TranslationEventKind.LoopRemains);
        var mended = await translator.TranslateAsync("Tea is hot.", "en", "fr", lengthy with { LoopNgram = 3 });
        Assert.Contains(mended.Events, each => each.Kind == TranslationEventKind.LoopRepaired);
        Assert.NotEqual(plain.Text, mended.Text);
    }

    [Fact]
    public async Task A_stream_gives_what_a_batch_gives_in_the_same_order()
    {
        using var translator = Tiny();
        string[] texts = ["Tea is hot.", "", "Water and bread.", "Salt.", "Milk."];
        var batch = await translator.TranslateAsync(texts, "en", "fr", Options);
        var stream = await translator.StreamAsync(texts.ToAsyncEnumerable(), "en", "fr", Options, chunk: 2).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(batch.Select(text => text.Text), stream.Select(text => text.Text));
    }

    [Fact]
    public async Task Who_gives_one_text_at_a_time_gets_each_answer_before_the_next()
    {
        using var translator = Tiny();
        var given = Channel.CreateUnbounded<string>();
        await using var answers = translator.StreamAsync(given.Reader.ReadAllAsync(), "en", "fr", Options).GetAsyncEnumerator();
        foreach (var text in new[] { "Tea is hot.", "", "Salt." })
        {
            await given.Writer.WriteAsync(text, TestContext.Current.CancellationToken);
            Assert.True(await answers.MoveNextAsync().AsTask().WaitAsync(Soon, TestContext.Current.CancellationToken));
            Assert.Equal(text, answers.Current.Source);
        }

        given.Writer.Complete();
        Assert.False(await answers.MoveNextAsync().AsTask().WaitAsync(Soon, TestContext.Current.CancellationToken));
    }

    /// <summary>As reading from a console does, which .NET has no asynchronous way for.</summary>
    [Fact]
    public async Task A_source_that_blocks_its_thread_keeps_nobody_waiting()
    {
        using var translator = Tiny();
        using var more = new SemaphoreSlim(1);
        await foreach (var answer in translator.StreamAsync(Source(), "en", "fr", Options).WithCancellation(TestContext.Current.CancellationToken))
        {
            Assert.NotEmpty(answer.Source);
            more.Release();
        }

        async IAsyncEnumerable<string> Source()
        {
            foreach (var text in new[] { "Tea is hot.", "Salt." })
            {
                Assert.True(more.Wait(Soon));
                yield return text;
            }

            await Task.CompletedTask;
        }
    }

    [Theory]
    [InlineData(typeof(FormatException))]
    [InlineData(typeof(TaskCanceledException))]
    public async Task A_stream_that_nobody_reads_on_lets_go_of_its_source_and_one_that_fails_answers_first(Type failure)
    {
        using var translator = Tiny();
        var disposed = new TaskCompletionSource();
        await foreach (var answer in translator.StreamAsync(Endless(), "en", "fr", Options, chunk: 2).WithCancellation(TestContext.Current.CancellationToken))
        {
            Assert.Equal("1", answer.Source);
            break;
        }

        await disposed.Task.WaitAsync(Soon, TestContext.Current.CancellationToken);
        var answered = new List<string>();
        var error = await Assert.ThrowsAsync(failure, async () =>
        {
            await foreach (var answer in translator.StreamAsync(Failing(), "en", "fr", Options))
            {
                answered.Add(answer.Source);
            }
        });
        Assert.Equal(("no text", "1 2"), (error.Message, string.Join(' ', answered)));

        async IAsyncEnumerable<string> Endless([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            try
            {
                for (var number = 1; ; number++)
                {
                    await Task.Yield();
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return $"{number}";
                }
            }
            finally
            {
                disposed.SetResult();
            }
        }

        async IAsyncEnumerable<string> Failing()
        {
            yield return "1";
            await Task.Yield();
            yield return "2";
            throw (Exception)Activator.CreateInstance(failure, "no text")!;
        }
    }

    [Fact]
    public void Folder_without_tokenizer_and_tokenizer_too_large_are_errors()
    {
        Assert.Contains("tokenizer", Assert.Throws<LlamaxException>(() => Translator.Load(Shared.Path("fixtures", "llama2"))).Message);
        using var small = Model(vocabulary: 20);
        Assert.Contains("embedding", Assert.Throws<LlamaxException>(() => new Translator(small, Tokenizer())).Message);
    }

    private static Translator Tiny() => new(Model(), Tokenizer());

    private static Tokenizer Tokenizer() => TokenizerFolder.Load(Shared.Path("fixtures", "tokenizers", "llama_bpe.model"));

    private static CausalLanguageModel Model(int? vocabulary = null)
    {
        var model = new CausalLanguageModel(TinyConfig.WithVocabulary(vocabulary ?? Tokenizer().VocabularySize));
        model.InitializeWeights(new RandomStream(7, "weights"));
        return model;
    }

    private sealed class Shares : IProgress<double>
    {
        public List<double> Told { get; } = [];

        public void Report(double value) => Told.Add(value);
    }
}
