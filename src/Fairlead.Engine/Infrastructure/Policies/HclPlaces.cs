using System.Globalization;
using Fairlead.Engine.Infrastructure.Planning;

namespace Fairlead.Engine.Infrastructure.Policies;

/// <summary>Says on which line of the code an attribute of a planned resource stands.</summary>
internal sealed class HclPlaces
{
    private readonly Dictionary<string, List<(string Path, string Text, HclBlock Root)>> folders = new(
        StringComparer.Ordinal
    );

    private readonly string before;

    /// <param name="files">Texts by path from where Terraform runs; those that do not end in <c>.tf</c> are left out.</param>
    /// <param name="root">Where that is, for whoever reads: empty, or such as <c>infra</c>.</param>
    public HclPlaces(IReadOnlyDictionary<string, string> files, string root)
    {
        before = root.Length == 0 ? "" : $"{root}/";
        foreach (var (path, text) in files.OrderBy(static one => one.Key, StringComparer.Ordinal))
        {
            if (path.EndsWith(".tf", StringComparison.Ordinal))
            {
                var folder = Folder(path);
                (folders.TryGetValue(folder, out var all) ? all : folders[folder] = []).Add(
                    (path, text, HclScan.Read(text))
                );
            }
        }
    }

    /// <returns>Such as <c>main.tf:12</c>; null where the code is not at hand.</returns>
    public string? Find(Violation violation)
    {
        var steps = TerraformCode.WithoutIndexes(violation.Address).Split('.');
        var folder = "";
        var at = 0;
        while (at + 2 < steps.Length && steps[at] is "module")
        {
            if (Source(folder, steps[at + 1]) is not { } inside)
            {
                return null;
            }
            (folder, at) = (inside, at + 2);
        }
        if (steps.Length - at != 2)
        {
            return null;
        }
        foreach (var (path, text, root) in folders.GetValueOrDefault(folder) ?? [])
        {
            var block = root.Blocks.Find(one =>
                one.Kind is "resource"
                && one.Labels is [var type, var name]
                && type == steps[at]
                && name == steps[at + 1]
            );
            if (block is not null)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{before}{path}:{Line(block, violation, text)}");
            }
        }
        return null;
    }

    private static int Line(HclBlock block, Violation violation, string text)
    {
        var steps = (violation.Attribute ?? "").Split('.');
        for (var at = 0; at < steps.Length; at++)
        {
            if (block.Attributes.TryGetValue(steps[at], out var found))
            {
                return found.Line;
            }
            var inner = block.All(steps[at]).ToList();
            if (inner.Count == 0)
            {
                break;
            }
            var index =
                at + 1 < steps.Length
                && int.TryParse(steps[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var said)
                    ? said
                    : -1;
            at += index >= 0 ? 1 : 0;
            block = Likeliest(inner, violation.Hints, text, Math.Max(0, index));
        }
        return block.Line;
    }

    // Sets have another order in a plan than in the code: what is found must stand in the block.
    private static HclBlock Likeliest(List<HclBlock> blocks, IReadOnlyList<string> hints, string text, int index) =>
        blocks
            .Select((block, at) => (Block: block, At: at))
            .OrderByDescending(one => hints.Count(hint => hint.Length > 0 && Holds(text, one.Block, hint)))
            .ThenByDescending(one => one.At == index)
            .ThenBy(static one => one.At)
            .First()
            .Block;

    // A number must not be part of a longer one.
    private static bool Holds(string text, HclBlock block, string hint)
    {
        var from = block.From;
        while (
            from < block.To && text.IndexOf(hint, from, block.To - from, StringComparison.Ordinal) is var at and >= 0
        )
        {
            var end = at + hint.Length;
            if (!char.IsDigit(text[at - 1]) && (end >= text.Length || !char.IsDigit(text[end])))
            {
                return true;
            }
            from = at + 1;
        }
        return false;
    }

    /// <summary>The folder of a module that is called from another; null for one that is not at hand.</summary>
    private string? Source(string folder, string name)
    {
        var call = (folders.GetValueOrDefault(folder) ?? [])
            .SelectMany(static one => one.Root.Blocks)
            .FirstOrDefault(one => one.Kind is "module" && one.Labels is [var label] && label == name);
        if (call?.Attributes.GetValueOrDefault("source").Text is not { } source || !source.StartsWith('.'))
        {
            return null;
        }
        var steps = new List<string>(folder.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var step in source.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (step is "..")
            {
                if (steps.Count == 0)
                {
                    return null;
                }
                steps.RemoveAt(steps.Count - 1);
            }
            else if (step is not ".")
            {
                steps.Add(step);
            }
        }
        return string.Join('/', steps);
    }

    private static string Folder(string path) => path.LastIndexOf('/') is var slash and >= 0 ? path[..slash] : "";
}
