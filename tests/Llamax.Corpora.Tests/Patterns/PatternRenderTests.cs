using Llamax.Corpora.Patterns;

namespace Llamax.Corpora.Tests.Patterns;

public class PatternRenderTests
{
    private readonly PatternWorld world = SmallWorld.Load();

    [Fact]
    public void The_filler_of_another_place_names_the_form()
    {
        Assert.Contains("La vache est blanche.", All("fr", "colour"));
        Assert.Contains("L'oiseau est blanc.", All("fr", "colour"));
        Assert.DoesNotContain("La vache est blanc.", All("fr", "colour"));
    }

    [Fact]
    public void One_filler_never_stands_in_two_places()
    {
        var sentences = All("en", "act");
        Assert.Equal(4 * 3 * 2, sentences.Count);
        Assert.DoesNotContain("The dog sees the dog.", sentences);
        Assert.Contains("The dog sees the cat.", sentences);
    }

    [Fact]
    public void A_word_is_what_stands_between_spaces_apostrophes_and_hyphens()
    {
        var tamil = Words("ta");
        Assert.Contains("நாயைப்", tamil);
        Assert.Contains("நாயை", tamil);
        Assert.Contains("oiseau", Words("fr"));
    }

    [Fact]
    public void The_first_letter_is_a_capital_also_after_a_mark() =>
        Assert.Equal("¿Dónde está?", RenderedSentence.Create(world.Languages[0], "¿dónde está?", []).Text);

    private HashSet<string> All(string code, string pattern) => [.. Render(code, pattern).Select(sentence => sentence.Text)];

    private HashSet<string> Words(string code) =>
        [.. Render(code, "act").SelectMany(sentence => sentence.Words).Select(word => word.Word)];

    private IEnumerable<RenderedSentence> Render(string code, string name)
    {
        var language = world.Languages.Single(candidate => candidate.Code == code);
        var pattern = world.Patterns.Single(candidate => candidate.Name == name);
        return Enumerable.Range(0, (int)pattern.Combinations).Select(pattern.Fill).OfType<Filler[]>()
            .Select(fillers => pattern.Render(language, fillers));
    }
}
