namespace Fairlead.Engine.Infrastructure.Policies;

/// <summary>A block of Terraform's language, with the lines on which it and its attributes stand.</summary>
/// <param name="Labels">Such as <c>aws_s3_bucket</c> and <c>uploads</c>.</param>
/// <param name="Line">Of its head, from 1.</param>
internal sealed record HclBlock(string Kind, IReadOnlyList<string> Labels, int Line)
{
    /// <summary>Where its text begins and ends, in letters of the file.</summary>
    public int From { get; init; }

    public int To { get; set; }

    /// <summary>Attributes with their lines, and what is written there when it is a text alone.</summary>
    public Dictionary<string, (int Line, string? Text)> Attributes { get; } = new(StringComparer.Ordinal);

    public List<HclBlock> Blocks { get; } = [];

    /// <summary>Blocks of a name; those that are made in a loop too.</summary>
    public IEnumerable<HclBlock> All(string name) =>
        Blocks
            .Where(one => one.Kind == name && one.Labels.Count == 0)
            .Concat(
                Blocks
                    .Where(one => one.Kind is "dynamic" && one.Labels is [var label, ..] && label == name)
                    .SelectMany(static one => one.Blocks.Where(static inner => inner.Kind is "content"))
            );
}
