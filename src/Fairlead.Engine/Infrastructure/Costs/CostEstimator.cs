using System.Globalization;
using System.IO.Enumeration;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Costs;

/// <summary>Estimates what infrastructure costs. What is not known is unknown, and never 0. Pure.</summary>
public static class CostEstimator
{
    private const decimal QuantityMax = 1_000_000_000_000m;

    /// <summary>Of a plan: what is there costs before, and what will be there after.</summary>
    public static CostEstimate Of(ProvisionPlan plan, PriceBook book, IReadOnlyList<UsageEntry> usage)
    {
        var changes = plan
            .Changes.GroupBy(static one => one.Address, StringComparer.Ordinal)
            .ToDictionary(static one => one.Key, static one => one.First(), StringComparer.Ordinal);
        IReadOnlyList<PlannedThing> after =
            plan.Result.Count > 0
                ? plan.Result
                :
                [
                    .. plan
                        .Changes.Where(static one => one.After is not null)
                        .Select(static one => new PlannedThing(one.Address, one.Type, one.After!)),
                ];
        var known = after
            .GroupBy(static one => one.Address, StringComparer.Ordinal)
            .ToDictionary(static one => one.Key, static one => one.First(), StringComparer.Ordinal);
        List<PlannedThing> before =
        [
            .. after.Where(one => !changes.ContainsKey(one.Address)),
            .. changes
                .Values.Where(static one => one.Before is not null)
                .Select(one =>
                    known.TryGetValue(one.Address, out var thing)
                        ? thing with
                        {
                            Values = one.Before!,
                        }
                        : new PlannedThing(one.Address, one.Type, one.Before!)
                ),
        ];
        return Joined(Priced(before, book, usage), Priced(after, book, usage), book);
    }

    /// <summary>Of what is there.</summary>
    public static CostEstimate Of(IReadOnlyList<Provisioned> state, PriceBook book, IReadOnlyList<UsageEntry> usage)
    {
        var priced = Priced(
            [.. state.Select(static one => new PlannedThing(one.Address, one.Type, one.Values ?? []))],
            book,
            usage
        );
        return Joined(priced, priced, book);
    }

    private static CostEstimate Joined(
        OrderedDictionary<(string, string), Amount> before,
        OrderedDictionary<(string, string), Amount> after,
        PriceBook book
    ) =>
        new(
            book.Date,
            [
                .. before
                    .Keys.Union(after.Keys)
                    .OrderBy(static one => one.Item1, StringComparer.Ordinal)
                    .Select(key =>
                    {
                        var (was, will) = (before.GetValueOrDefault(key), after.GetValueOrDefault(key));
                        var said = will ?? was!; // It is a key of one of them.
                        return new CostLine(
                            key.Item1,
                            key.Item2,
                            said.Price,
                            was is null ? 0 : was.Monthly,
                            will is null ? 0 : will.Monthly,
                            will?.Unknown ?? was?.Unknown
                        );
                    }),
            ]
        );

    private static OrderedDictionary<(string, string), Amount> Priced(
        IReadOnlyList<PlannedThing> things,
        PriceBook book,
        IReadOnlyList<UsageEntry> usage
    )
    {
        var all = new OrderedDictionary<(string, string), Amount>();
        foreach (var thing in things.Where(static one => !FreeTypes.Contains(one.Type)))
        {
            var priced = new PricedThing(thing, things);
            if (!AwsCosts.All.TryGetValue(thing.Type, out var parts))
            {
                all[(thing.Address, "all of it")] = new(
                    null,
                    null,
                    $"No price of {thing.Type} is known here; look it up."
                );
                continue;
            }
            foreach (var part in parts(priced))
            {
                // Two disks alike are one line with both.
                var amount = AmountOf(part, priced, book, usage);
                all[(thing.Address, part.What)] = all.TryGetValue((thing.Address, part.What), out var same)
                    ? amount with
                    {
                        Monthly = same.Monthly + amount.Monthly,
                    }
                    : amount;
            }
        }
        return all;
    }

    private static Amount AmountOf(CostPart part, PricedThing thing, PriceBook book, IReadOnlyList<UsageEntry> usage)
    {
        var price = book.Find(part.Item, part.Unit, thing.Region);
        var text = price is { } known
            ? string.Create(CultureInfo.InvariantCulture, $"{known:0.##########} / {part.Unit}")
            : null;
        var quantity = part.Quantity;
        if (part.Usage is { } word)
        {
            // The last that fits holds: the general stands before the special.
            var said = usage.LastOrDefault(one =>
                one.Of == word
                && FileSystemName.MatchesSimpleExpression(one.Where, thing.Thing.Address, ignoreCase: false)
            );
            if (said is null)
            {
                return new(
                    text,
                    null,
                    $"Say how much in 'infrastructure.usage': {{ where: {thing.Thing.Address}, of: {word}, monthly: 1 }}"
                );
            }
            quantity *= (decimal)said.Monthly;
        }
        if (price is null)
        {
            return new(
                null,
                null,
                $"No price of {part.Item} in {thing.Region ?? "this region"} is known; give a book of prices."
            );
        }
        return quantity is { } many && Math.Abs(many) <= QuantityMax
            ? new(text, many * price.Value, null)
            : new(text, null, "How much of it there is, is known only once it is there.");
    }

    private sealed record Amount(string? Price, decimal? Monthly, string? Unknown);
}
