using Fairlead.Model.Security;

namespace Fairlead.Model.Pipelines;

/// <summary>One of the things that decide what a task makes, such as a file's bytes or a variable's value.</summary>
/// <param name="Name">Such as <c>file src/app.ts</c>, <c>env CI</c>, <c>tool node</c> or <c>command</c>.</param>
/// <param name="Value">Itself, or a digest of it.</param>
public sealed record KeyPart(string Name, string Value);

/// <summary>All that decides what a task makes. Equal keys make equal things, or the task is flaky.</summary>
public sealed record TaskKey
{
    // Anything that changes what a key means changes this, so that no older entry is taken for a newer one.
    private const string Form = "fairlead-task-1";

    /// <param name="parts">In an order that does not depend on chance.</param>
    public TaskKey(IReadOnlyList<KeyPart> parts)
    {
        Parts = parts;
        using var hash = new CanonicalHash();
        hash.Add(Form).Add(parts.Count);
        foreach (var part in parts)
        {
            hash.Add(part.Name).Add(part.Value);
        }
        Digest = hash.Finish();
    }

    public IReadOnlyList<KeyPart> Parts { get; }

    /// <summary>Of all parts, 64 hex digits.</summary>
    public string Digest { get; }

    public bool Equals(TaskKey? other) => other?.Digest == Digest;

    public override int GetHashCode() => Digest.GetHashCode(StringComparison.Ordinal);

    /// <summary>What is other in this key than in an earlier one, as people read it; at most so many lines.</summary>
    public IReadOnlyList<string> ChangesSince(TaskKey earlier, int linesMax = 20)
    {
        var before = earlier.Parts.ToDictionary(
            static one => one.Name,
            static one => one.Value,
            StringComparer.Ordinal
        );
        var now = Parts.ToDictionary(static one => one.Name, static one => one.Value, StringComparer.Ordinal);
        List<string> all =
        [
            .. Parts
                .Where(one => !before.TryGetValue(one.Name, out var value) || value != one.Value)
                .Select(one => before.ContainsKey(one.Name) ? $"{one.Name} changed" : $"{one.Name} is new"),
            .. earlier.Parts.Where(one => !now.ContainsKey(one.Name)).Select(static one => $"{one.Name} is gone"),
        ];
        return all.Count <= linesMax ? all : [.. all.Take(linesMax), $"and {all.Count - linesMax} more"];
    }
}
