using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Detecting;

/// <summary>One line of <see cref="AllRules"/>: what must be seen for a folder to be of a stack, and what it is then.</summary>
/// <param name="Stack">Slug, in manifests and texts.</param>
/// <param name="Family">Whose tools it needs; two rules of one family never contradict each other, they differ in detail.</param>
/// <param name="Signs">All must be seen, the most telling first.</param>
/// <param name="Answer">What it is; asked only once all signs were seen.</param>
internal sealed record Rule(string Stack, string Family, IReadOnlyList<Sign> Signs, Func<Sight, Answer> Answer);

/// <summary>Something that must be seen.</summary>
/// <param name="Wanted">In words that follow "no": <c>artisan</c>, <c>dependency on express</c>.</param>
/// <param name="Look">What was seen; null when it was not, empty when there is nothing to show for it.</param>
internal sealed record Sign(string Wanted, Func<Sight, IReadOnlyList<Evidence>?> Look);

/// <summary>What a rule makes of a folder.</summary>
/// <param name="Because">What decided about details.</param>
/// <param name="Listens">Where the source may tell the port and the health path; null when the recipe already says all.</param>
internal sealed record Answer(Kind Kind, Recipe Recipe, IReadOnlyList<Evidence> Because, Sources? Listens = null)
{
    public string? HealthPath { get; init; }

    public int? Port { get; init; }
}

/// <summary>Which files are an app's own source.</summary>
/// <param name="Endings">Such as <c>.cs</c>.</param>
internal sealed record Sources(params string[] Endings);
