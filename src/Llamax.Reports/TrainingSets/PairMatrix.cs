using Llamax.Corpora.Statistics;
using Llamax.Reports.Markup;

namespace Llamax.Reports.TrainingSets;

/// <summary>
/// Languages down and across, and how many entries every two of them have, by colour on a logarithmic scale. The order is
/// chosen by buttons, without a script: each language has a place in each order, and style sheets alone move the cells.
/// </summary>
internal static class PairMatrix
{
    private const int Width = 1190, Smallest = 7, Largest = 34, HeadWidth = 60; // Pixels.
    private const int Heads = 2; // The first line of the grid behind the heads.
    private const int Shades = 20;

    public static Html Of(TrainingSetStatistics statistics)
    {
        if (statistics.Pairs.Count == 0)
        {
            return Html.Empty;
        }

        var languages = statistics.Languages.ToList();
        var number = languages.Select((row, i) => (row.Language, i)).ToDictionary(each => each.Language, each => each.i, StringComparer.Ordinal);
        var (least, most) = (Math.Max(1, statistics.Pairs.Min(pair => pair.Entries)), Math.Max(1, statistics.Pairs.Max(pair => pair.Entries)));
        var sizes = statistics.Pairs.SelectMany(pair => new[] { (Language: pair.First, pair.Entries), (Language: pair.Second, pair.Entries) })
            .GroupBy(each => each.Language, StringComparer.Ordinal).ToDictionary(each => each.Key, each => each.Sum(side => side.Entries), StringComparer.Ordinal);
        (string Id, string Title, List<int> Places)[] orders =
        [
            ("family", "by family", FamilyPlaces(languages)),
            ("size", "by size", Places(languages.OrderByDescending(row => sizes.GetValueOrDefault(row.Language)))),
            ("code", "by code", Places(languages.OrderBy(row => row.Language, StringComparer.Ordinal))),
        ];
        var cell = Math.Clamp((Width - HeadWidth) / (orders.Max(order => order.Places.Max()) - Heads + 1) - 1, Smallest, Largest);
        return Html.Of($"""
            <section class="block">
            <h2>Every two languages</h2>
            <p class="note">Entries of both languages together: connected, pseudo-parallel and augmented pairs; hover for their numbers. On the diagonal, text of one language.</p>
            <style>{Classes(languages.Count)}{orders.Select(order => Html.Of($"#order-{order.Id}:checked ~ .scroll .pairs {{ {order.Places.Select((place, i) => Html.Of($"--p{i}:{place};"))} }} "))}</style>
            <div class="tabs">
            {orders.Select((order, i) => Html.Of($"""
                <input type="radio" name="order" id="order-{order.Id}"{(i == 0 ? Html.Of($" checked=\"checked\"") : Html.Empty)} /><label for="order-{order.Id}">{order.Title}</label>

                """))}<div class="scroll"><div class="pairs" style="--cell:{cell}px">
            {languages.Select(Head)}{statistics.Pairs.Select(Pair)}</div></div>
            </div>
            <p class="legend">{least.ToString("N0")}<i class="sequential"></i>{most.ToString("N0")} <span>entries, on a logarithmic scale</span></p>
            </section>

            """);

        Html Head(LanguageStatistics row, int i)
        {
            var name = $"{row.Name}{(row.Family.Length > 0 ? $" · {row.Family}" : "")}";
            var text = $"{row.Name}: {row.Monolingual:N0} blocks of text, {row.Directions} partners, {row.Tokens:N0} tokens";
            return Html.Of($"""
                <b class="r{i}" title="{name}">{row.Language}</b><b class="c{i}" title="{name}">{row.Language}</b><i class="r{i} c{i} same" title="{text}"></i>

                """);
        }

        Html Pair(PairStatistics pair)
        {
            var (first, second) = (number[pair.First], number[pair.Second]);
            var shade = most == least ? Shades : 1 + (int)Math.Round((Shades - 1) * Math.Log(Math.Max(1.0, pair.Entries) / least) / Math.Log((double)most / least));
            var text = $"{Format.Language(pair.First)} – {Format.Language(pair.Second)}: {Words(pair)}";
            return Html.Of($"""
                <i class="r{first} c{second} s{shade}" title="{text}"></i><i class="r{second} c{first} s{shade}" title="{text}"></i>

                """);
        }

        List<int> Places(IEnumerable<LanguageStatistics> sorted)
        {
            var places = sorted.Select((row, place) => (row.Language, place)).ToDictionary(each => each.Language, each => each.place, StringComparer.Ordinal);
            return languages.ConvertAll(row => Heads + places[row.Language]);
        }
    }

    /// <summary>Families with a gap between them.</summary>
    private static List<int> FamilyPlaces(List<LanguageStatistics> languages)
    {
        var (places, gaps) = (new List<int>(), 0);
        for (var i = 0; i < languages.Count; i++)
        {
            gaps += i > 0 && languages[i].Family != languages[i - 1].Family ? 1 : 0;
            places.Add(Heads + i + gaps);
        }

        return places;
    }

    private static string Words(PairStatistics pair) => string.Join(" · ", new[]
    {
        pair.Pairs > 0 ? $"{pair.Pairs:N0} pairs ({pair.First}→{pair.Second} {pair.Forward:N0}, {pair.Second}→{pair.First} {pair.Backward:N0})" : "",
        pair.Pseudo > 0 ? $"{pair.Pseudo:N0} pseudo-parallel" : "",
        pair.Augmented > 0 ? $"{pair.Augmented:N0} augmented" : "",
        $"{pair.Tokens:N0} tokens",
    }.Where(part => part.Length > 0));

    private static Html Classes(int count) => Html.Of(
        $"{Enumerable.Range(0, count).Select(i => Html.Of($".r{i}{{--r:var(--p{i})}}.c{i}{{--c:var(--p{i})}}"))}{Enumerable.Range(1, Shades).Select(i => Html.Of($".s{i}{{--share:{i * 100 / Shades}%}}"))}");
}
