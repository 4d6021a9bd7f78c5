using System.ComponentModel;
using System.Globalization;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Files;

/// <summary>Tests whose failures stop nothing until a day.</summary>
[Description("Tests whose failures stop nothing until a day.")]
public sealed record QuarantineEntry
{
    [Description("What they are called in reports, such as shop.CartTest.removes; * stands for any letters.")]
    [Elsewhere("name", "tests", "pattern")]
    public required string Test { get; init; }

    [Description("Who mends them.")]
    [Elsewhere("assignee")]
    public required string Owner { get; init; }

    [Description("The last day on which it holds, such as 2027-03-31, at best no more than 90 days ahead.")]
    [Shaped(Shape.Day), Elsewhere("expires", "expiry")]
    public required string Until { get; init; }

    [Description("Why, for those who come later.")]
    [Elsewhere("why", "because")]
    public required string Reason { get; init; }

    internal static Quarantined? Read(QuarantineEntry written, Node node, Findings findings)
    {
        if (!written.Test.Any(char.IsLetterOrDigit))
        {
            findings.Add(
                node.At("test"),
                "quarantine-of-all",
                (
                    $"{node.Path} puts every test into quarantine.",
                    "Then no failing test would ever be seen again.",
                    "Name the test, such as: test: shop.CartTest.removes"
                )
            );
        }
        foreach (var (name, text) in new[] { ("owner", written.Owner), ("reason", written.Reason) })
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                findings.Add(
                    node.At(name),
                    "quarantine-unowned",
                    (
                        $"{node.Path} says no {name}.",
                        "What nobody mends stays broken for ever.",
                        $"Write who mends it and why it fails, or remove the entry: {name}: ..."
                    )
                );
            }
        }
        if (
            DateOnly.TryParseExact(
                written.Until,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var until
            )
        )
        {
            return new(written.Test, written.Owner, until, written.Reason);
        }
        findings.Add(
            node.At("until"),
            "no-day",
            (
                $"{node.Path} says a day that no calendar has: {written.Until}.",
                "It is the last day on which the entry holds.",
                "Write one such as 2027-03-31."
            )
        );
        return null;
    }
}
