using System.Globalization;
using Fairlead.Engine.Manifests.ComposeFiles.Importing;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Manifests.KubernetesFiles.Importing;

/// <summary>Quantities of Kubernetes: <c>250m</c>, <c>64Mi</c>, <c>128M</c>.</summary>
internal static class Quantity
{
    private static readonly (string Unit, double Factor)[] Decimal =
    [
        ("k", 1e3),
        ("K", 1e3),
        ("M", 1e6),
        ("G", 1e9),
        ("T", 1e12),
    ];

    /// <summary>Null for what is none, and beyond what a service may have.</summary>
    public static double? Cores(string text)
    {
        var isMilli = text.EndsWith('m');
        var cores = ComposeValues.Number(isMilli ? text[..^1] : text) / (isMilli ? 1000 : 1);
        return cores is >= 0.01 and <= 1024 ? Math.Round(cores.Value, 3) : null;
    }

    /// <summary>As the manifest writes it.</summary>
    public static string? Memory(string text)
    {
        if (text.EndsWith('i'))
        {
            return ComposeValues.Size(text);
        }
        var unit = Array.Find(Decimal, one => text.EndsWith(one.Unit, StringComparison.Ordinal));
        var number = unit.Unit is null ? text : text[..^1];
        return ComposeValues.Number(number) * (unit.Unit is null ? 1 : unit.Factor) is { } bytes
            ? ComposeValues.Size(Math.Ceiling(bytes).ToString("F0", CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>A number, or a part of all replicas: <c>25%</c>.</summary>
    public static int? Part(string text, int replicas, bool roundsUp)
    {
        if (!text.EndsWith('%'))
        {
            return ComposeValues.Whole(text);
        }
        var part = ComposeValues.Number(text[..^1]) / 100 * replicas;
        return part is <= 100 ? (int)(roundsUp ? Math.Ceiling(part.Value) : Math.Floor(part.Value)) : null;
    }

    public static string? Seconds(string? text) =>
        text is not null && ComposeValues.Whole(text) is > 0 and <= 86_400 and var number
            ? TimeSpan.FromSeconds(number).Text
            : null;
}
