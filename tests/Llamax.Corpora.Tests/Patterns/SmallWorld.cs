using Llamax.Corpora.Patterns;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Patterns;

/// <summary>A world of a few lines, written into a folder of its own so that tests go the way users go.</summary>
internal static class SmallWorld
{
    public const string Text = """
        languages: en fr ta
        slot animal: an animal, animals
          dog
            en: the [dog]
            fr: le [chien] | gender = m
            ta: [நாய்] | object: [நாயை]
          cat
            en: the [cat]
            fr: le [chat] | gender = m
            ta: [பூனை] | object: [பூனையை]
          cow
            en: the [cow]
            fr: la [vache] | gender = f
            ta: [பசு] | object: [பசுவை]
          bird
            en: the [bird]
            fr: l'[oiseau] | gender = m
            ta: [பறவை] | object: [பறவையை]
        slot colour: a colour, colours
          white
            en: [white]
            fr: m: [blanc] | f: [blanche]
            ta: [வெள்ளையாக]
          green
            en: [green]
            fr: m: [vert] | f: [verte]
            ta: [பச்சையாக]
          blue
            en: [blue]
            fr: m: [bleu] | f: [bleue]
            ta: [நீலமாக]
        slot verb
          see
            en: [sees]
            fr: [voit]
            ta: [பார்க்கிறது] | link: ப்
          love
            en: [loves]
            fr: [aime]
            ta: [நேசிக்கிறது] | link:
        pattern colour
          en: {animal} is {colour}.
          fr: {animal} est {colour.<animal.gender>}.
          ta: {animal} {colour} இருக்கிறது.
        pattern act weight 3
          en: {animal} {verb} {animal#2}.
          fr: {animal} {verb} {animal#2}.
          ta: {animal} {animal#2.object}{verb.link} {verb}.
        """;

    public static PatternCorpusOptions Options { get; } = new()
    {
        Train = 14,
        Test = 2,
        Dev = 1,
        EnglishMonolingual = 8,
        OtherMonolingual = 4,
        Instructions = 3,
        GeneralInstructions = 12,
    };

    public static PatternWorld Load(string text = Text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("world.txt"), text);
        return PatternWorld.Load(folder.Path);
    }
}
