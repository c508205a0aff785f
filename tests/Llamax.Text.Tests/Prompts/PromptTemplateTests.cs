using Llamax.Testing;
using Llamax.Text.Prompts;

namespace Llamax.Text.Tests.Prompts;

public class PromptTemplateTests
{
    [Fact]
    public void Alpaca_as_released_has_single_newlines()
    {
        var prompt = PromptTemplate.Find("alpaca").RenderTranslation("English", "French", "I like tea.");
        Assert.Equal(
            "Below is an instruction that describes a task, paired with an input that provides further context. Write a response "
            + "that appropriately completes the request.\n### Instruction:\nTranslate the following sentences from English to French."
            + "\n### Input:\nI like tea.\n### Response:", prompt);
    }

    [Fact]
    public void Stanford_has_blank_lines_between_the_sections()
    {
        var template = PromptTemplate.Find("alpaca-stanford");
        Assert.Equal(
            "Below is an instruction that describes a task. Write a response that appropriately completes the request."
            + "\n\n### Instruction:\nName a colour.\n\n### Response:", template.Render("Name a colour.", ""));
        Assert.EndsWith("request.\n\n### Instruction:\nRepeat.\n\n### Input:\nred\n\n### Response:", template.Render("Repeat.", "red"));
    }

    [Theory]
    [InlineData("alpaca")]
    [InlineData("alpaca-stanford")]
    [InlineData("polylm")]
    [InlineData("chinese-alpaca-2")]
    [InlineData("swallow")]
    public void Each_template_of_the_box_holds_what_is_asked(string name)
    {
        Assert.Contains(name, PromptTemplate.Names);
        var template = PromptTemplate.Find(name);
        var prompt = template.RenderTranslation("English", "Thai", "Where is {input}?");
        Assert.Contains("from English to Thai", prompt);
        Assert.Contains("Where is {input}?", prompt);
        Assert.DoesNotContain("{response}", prompt);
        Assert.DoesNotContain("\n\n\n", template.Render("Do.", "x"));
    }

    [Fact]
    public void Translation_section_is_used_where_there_is_one() =>
        Assert.Equal("Hello.\nTranslate this sentence from English to French.",
            PromptTemplate.Find("polylm").RenderTranslation("English", "French", "Hello."));

    [Fact]
    public void Braces_of_the_text_are_not_placeholders() =>
        Assert.Contains("{instruction} {response}", PromptTemplate.Find("alpaca").Render("{input}", "{instruction} {response}"));

    [Fact]
    public void Own_template_is_read_from_a_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("mine.prompt"),
            "\uFEFF# mine\r\n=== instruction\r\nQ: {instruction}\r\nA:{response}\r\n=== instruction and input\r\n{instruction} {input}\r\n{response}\r\n");
        var template = PromptTemplate.Find(folder.File("mine.prompt"));
        Assert.Equal("Q: why\nA:", template.Render("why", ""));
        Assert.Equal("why this\n", template.Render("why", "this"));
    }

    [Fact]
    public void Unknown_name_names_the_known_ones()
    {
        var error = Assert.Throws<LlamaxException>(() => PromptTemplate.Find("alpacca"));
        Assert.Equal(
            "Prompt template 'alpacca' is neither a known name (alpaca, alpaca-stanford, aya-101, aya-23, chinese-alpaca-2, madlad, polylm, qwen2, swallow, tower) nor a file.",
            error.Message);
    }

    [Theory]
    [InlineData("hello", "x:1: expected a comment")]
    [InlineData("=== instruction\n{instruction}{response}", "`=== instruction and input` is missing")]
    [InlineData("# c\n=== translate\n{response}", "x:2: unknown section `translate`")]
    [InlineData("=== instruction\n{instruction}\n", "x:1: the section `instruction` has to end with {response}")]
    [InlineData("=== instruction\n{instruction}{response}!", "has to end with {response}")]
    [InlineData("=== instruction\n{response}", "lacks {instruction}")]
    [InlineData("=== instruction\n{instruction} {imput}{response}", "not {imput}")]
    [InlineData("=== instruction\n{instruction}{response}\n=== instruction\n{instruction}{response}", "x:3: the section `instruction` stands twice")]
    public void Mistakes_are_named_with_their_line(string text, string message) =>
        Assert.Contains(message, Assert.Throws<LlamaxException>(() => PromptTemplate.Parse(text, "x")).Message);
}
