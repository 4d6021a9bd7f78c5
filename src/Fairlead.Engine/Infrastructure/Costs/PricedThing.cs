using System.Text.Json.Nodes;
using Fairlead.Engine.Infrastructure.Planning;
using Fairlead.Engine.Infrastructure.Policies;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Costs;

/// <summary>A thing as prices look at it.</summary>
/// <param name="All">All things beside it.</param>
internal sealed record PricedThing(PlannedThing Thing, IReadOnlyList<PlannedThing> All)
{
    /// <summary>As AWS and the usual bill count.</summary>
    public const decimal HoursOfMonth = 730;

    public JsonObject Values => Thing.Values;

    public string? Region =>
        Values["region"].Text()
        ?? Thing.Region
        // Known once it is there: arn:aws:rds:eu-central-1:…
        ?? (Values["arn"].Text()?.Split(':') is [_, _, _, { Length: > 0 } region, ..] ? region : null);

    /// <summary>The thing of a type that an attribute leads to.</summary>
    public PlannedThing? Other(string attribute, string type) =>
        All.FirstOrDefault(one =>
            one.Type == type
            && (
                (
                    Thing.Refers.TryGetValue(attribute, out var names)
                    && names.Contains(TerraformCode.WithoutIndexes(one.Address), StringComparer.Ordinal)
                ) || Names(Values[attribute]).Any(name => IsNamed(one, name))
            )
        );

    public string? Text(string path) => Values.At(path).Text();

    public decimal? Number(string path) => Count(Values.At(path));

    /// <summary>How many or how large; null for more than anybody has, which could not be reckoned with.</summary>
    public static decimal? Count(JsonNode? value) =>
        value.Number() is { } number and >= 0 and <= CountMax ? number : null;

    public const decimal CountMax = 1_000_000_000;

    private static IEnumerable<string> Names(JsonNode? value) =>
        value
            .Texts()
            .Concat(value.Groups().SelectMany(static one => one.Group["id"].Texts().Concat(one.Group["name"].Texts())));

    private static bool IsNamed(PlannedThing one, string name) =>
        ((string[])["id", "arn", "name", "identifier", "family"]).Any(word => one.Values[word].Text() == name);
}

/// <summary>A part of what a thing costs.</summary>
/// <param name="What">For people, such as <c>t3.medium</c>.</param>
/// <param name="Item">In the price book.</param>
/// <param name="Unit">In the price book.</param>
/// <param name="Quantity">Units in a month; null when it is not known.</param>
internal sealed record CostPart(string What, string Item, string Unit, decimal? Quantity)
{
    /// <summary>How a user calls the quantity, where only they can know it; then it is this times <see cref="Quantity"/>.</summary>
    public string? Usage { get; init; }

    public static CostPart Hours(string what, string item, decimal? count = 1) =>
        new(what, item, "hour", count * PricedThing.HoursOfMonth);

    public static CostPart Months(string what, string item) => new(what, item, "month", 1);

    public static CostPart Used(string what, string item, string unit, string usage) =>
        new(what, item, unit, 1) { Usage = usage };
}
