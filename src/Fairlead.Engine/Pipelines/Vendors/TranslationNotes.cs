using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Pipelines.Vendors;

/// <summary>Collects what became of each part. Each is said once, and no more than a person reads.</summary>
/// <param name="file">The file that is read; null when one is written.</param>
internal sealed class TranslationNotes(string? file = null)
{
    private const int Max = 2_000;

    private readonly List<(Spot Spot, TranslationNote Note)> notes = [];
    private int left;

    /// <summary>In the order of the file, or as they came.</summary>
    public IReadOnlyList<TranslationNote> All =>
        [
            .. notes
                .OrderBy(static one => one.Spot.File, StringComparer.Ordinal)
                .ThenBy(static one => one.Spot.Line)
                .ThenBy(static one => one.Spot.Column)
                .Select(static one => one.Note),
            .. left == 0
                ? (TranslationNote[])[]
                : [new(Fate.LeftOut, file ?? "", $"{left} more notes are not shown.", $"At most {Max} are shown.")],
        ];

    public void Mapped(Node node, string what, string note) => Add(Fate.Mapped, node, what, note);

    public void Approximated(Node node, string what, string note) => Add(Fate.Approximated, node, what, note);

    public void LeftOut(Node node, string what, string note) => Add(Fate.LeftOut, node, what, note);

    public void Mapped(Spot at, string what, string note) => Add(Fate.Mapped, at, what, note);

    public void Approximated(Spot at, string what, string note) => Add(Fate.Approximated, at, what, note);

    public void LeftOut(Spot at, string what, string note) => Add(Fate.LeftOut, at, what, note);

    public void Approximated(string where, string what, string note) =>
        Add(new(0, 0), new(Fate.Approximated, where, what, note));

    public void LeftOut(string where, string what, string note) => Add(new(0, 0), new(Fate.LeftOut, where, what, note));

    private void Add(Fate fate, Node node, string what, string note) => Add(fate, node.Spot, what, note);

    private void Add(Fate fate, Spot at, string what, string note) =>
        Add(at, new(fate, $"{at.File ?? file}:{at.Line}:{at.Column}", what, note));

    private void Add(Spot spot, TranslationNote note)
    {
        if (notes.Exists(one => one.Note == note))
        {
            return;
        }
        if (notes.Count < Max)
        {
            notes.Add((spot, note));
        }
        else
        {
            left++;
        }
    }
}
