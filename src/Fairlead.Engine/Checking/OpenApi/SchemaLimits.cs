using System.Globalization;

namespace Fairlead.Engine.Checking.OpenApi;

/// <summary>Compares how small, large, long or many values may be.</summary>
internal static class SchemaLimits
{
    private static readonly string[] Upper = ["maximum", "maxLength", "maxItems", "maxProperties"];
    private static readonly string[] Lower = ["minimum", "minLength", "minItems", "minProperties"];

    public static void Compare(SchemaEnds ends)
    {
        foreach (var key in Upper)
        {
            var (was, now) = (ends.Old.Smallest(key), ends.New.Smallest(key));
            Tell(ends, key, (was, now), (now ?? decimal.MaxValue) < (was ?? decimal.MaxValue));
        }
        foreach (var key in Lower)
        {
            // Nothing is shorter than 0.
            var usual = key == "minimum" ? decimal.MinValue : 0;
            var (was, now) = (ends.Old.Largest(key) ?? usual, ends.New.Largest(key) ?? usual);
            Tell(ends, key, (Said(was, usual), Said(now, usual)), now > was);
        }
        Exclusive(ends, "exclusiveMaximum", static (was, now) => now < was);
        Exclusive(ends, "exclusiveMinimum", static (was, now) => now > was);
        Text(ends, "pattern");
        Text(ends, "multipleOf");
        Text(ends, "not");
        Unique(ends);
        Text(ends, "discriminator", "propertyName");
    }

    private static decimal? Said(decimal value, decimal usual) => value == usual ? null : value;

    private static void Tell(SchemaEnds ends, string key, (decimal? Was, decimal? Now) limit, bool tightens)
    {
        if (limit.Was == limit.Now)
        {
            return;
        }
        var impact =
            tightens ? ends.Seat.Narrowed
            : ends.Seat.IsRequest ? Impact.Safe
            : Impact.Risky;
        ends.Tell(
            impact,
            tightens ? "limit-tightened" : "limit-loosened",
            (
                $"{key} was {Shown(limit.Was)} and is {Shown(limit.Now)}.",
                impact switch
                {
                    Impact.Breaking => "Whoever sends what was allowed is refused.",
                    Impact.Risky => "Callers may have no room for what they get.",
                    _ => "All that was understood still is.",
                }
            )
        );
    }

    // In 3.0 it is true or false beside the limit; from 3.1 on it is the limit.
    private static void Exclusive(SchemaEnds ends, string key, Func<decimal, decimal, bool> tightens)
    {
        var (was, now) = (ends.Old.First(key), ends.New.First(key));
        var (first, second) = (
            was?.Written() is "false" ? null : was?.Written(),
            now?.Written() is "false" ? null : now?.Written()
        );
        if (first == second)
        {
            return;
        }
        var isTighter =
            second is not null
            && (
                first is null
                || !decimal.TryParse(first, NumberStyles.Float, CultureInfo.InvariantCulture, out var old)
                || !decimal.TryParse(second, NumberStyles.Float, CultureInfo.InvariantCulture, out var next)
                || tightens(old, next)
            );
        ends.Tell(
            isTighter ? ends.Seat.Narrowed
                : ends.Seat.IsRequest ? Impact.Safe
                : Impact.Risky,
            isTighter ? "limit-tightened" : "limit-loosened",
            (
                $"{key} was {first ?? "not said"} and is {second ?? "not said"}.",
                "The ends of what is allowed have moved."
            )
        );
    }

    /// <summary>What nobody can compare: any change of it may be one for callers.</summary>
    private static void Text(SchemaEnds ends, string key, string? inside = null)
    {
        var (was, now) = (Of(ends.Old, key, inside), Of(ends.New, key, inside));
        if (was == now)
        {
            return;
        }
        var impact =
            inside is not null ? Impact.Breaking
            : was is null ? ends.Seat.Narrowed
            : now is null && ends.Seat.IsRequest ? Impact.Safe
            : Impact.Risky;
        ends.Tell(
            impact,
            $"{(key == "multipleOf" ? "multiple" : key)}-changed",
            (
                $"{key} was {was ?? "not said"} and is {now ?? "not said"}.",
                impact == Impact.Breaking ? "What was allowed may not be any more." : "What is allowed has changed."
            )
        );
    }

    private static void Unique(SchemaEnds ends)
    {
        var (was, now) = (ends.Old.First("uniqueItems")?.Text is "true", ends.New.First("uniqueItems")?.Text is "true");
        if (was != now)
        {
            ends.Tell(
                now ? ends.Seat.Narrowed
                    : ends.Seat.IsRequest ? Impact.Safe
                    : Impact.Risky,
                now ? "limit-tightened" : "limit-loosened",
                (now ? "No item may come twice." : "Items may come twice.", "What a list may hold has changed.")
            );
        }
    }

    private static string? Of(SchemaView view, string key, string? inside) =>
        (inside is null ? view.First(key) : view.First(key)?[inside])?.Written(lettersMax: 120);

    private static string Shown(decimal? limit) => limit?.ToString(CultureInfo.InvariantCulture) ?? "not said";
}
