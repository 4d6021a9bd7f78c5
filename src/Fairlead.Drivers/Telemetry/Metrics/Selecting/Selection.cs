using Fairlead.Drivers.Telemetry.Metrics.Blocks;
using Fairlead.Drivers.Telemetry.Metrics.Heads;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Metrics.Selecting;

/// <summary>Finds series in heads and blocks. For one question.</summary>
internal sealed class Selection
{
    private readonly IReadOnlyList<LabelTest> tests;
    private readonly long from;
    private readonly long to;
    private readonly LabelsMemory memory;

    /// <exception cref="Model.Problems.ProblemException">A matcher cannot be read.</exception>
    public Selection(IReadOnlyList<Matcher> matchers, long from, long to, LabelsMemory memory)
    {
        // First those that leave few.
        tests = [.. matchers.Select(LabelTest.Of).OrderBy(test => test.IsMetByNone)];
        (this.from, this.to, this.memory) = (from, to, memory);
    }

    /// <exception cref="Model.Problems.ProblemException">More than <paramref name="most"/> fit.</exception>
    public IReadOnlyList<ISeries> Series(Sources sources, int most, CancellationToken stop)
    {
        var found = new Dictionary<Labels, SelectedSeries>();
        foreach (var head in Heads(sources))
        {
            var all = head.Series;
            foreach (var ordinal in Chosen(head.Index))
            {
                if (all[ordinal].Overlaps(from, to))
                {
                    Of(all[ordinal].Labels, found, most).Add(all[ordinal]);
                }
            }
            stop.ThrowIfCancellationRequested();
        }
        foreach (var block in Blocks(sources))
        {
            var texts = new Dictionary<int, string>();
            foreach (var ordinal in Chosen(block))
            {
                if (block.Overlaps(ordinal, from, to))
                {
                    Of(memory.LabelsOf(block, ordinal, texts), found, most).Add(block, ordinal);
                }
            }
            stop.ThrowIfCancellationRequested();
        }
        return [.. found.Values];
    }

    public IReadOnlyList<string> Names(Sources sources, CancellationToken stop)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var head in Heads(sources))
        {
            if (tests.Count == 0 && IsWithin(head.MinTime, head.MaxTime))
            {
                names.UnionWith(head.Index.Names());
                continue;
            }
            var all = head.Series;
            foreach (var ordinal in Chosen(head.Index).Where(ordinal => all[ordinal].Overlaps(from, to)))
            {
                names.UnionWith(all[ordinal].Labels.Select(label => label.Name));
            }
            stop.ThrowIfCancellationRequested();
        }
        foreach (var block in Blocks(sources))
        {
            if (tests.Count == 0 && IsWithin(block.From, block.To))
            {
                names.UnionWith(block.Names());
                continue;
            }
            var texts = new Dictionary<int, string>();
            foreach (var ordinal in Chosen(block).Where(ordinal => block.Overlaps(ordinal, from, to)))
            {
                names.UnionWith(memory.LabelsOf(block, ordinal, texts).Select(label => label.Name));
            }
            stop.ThrowIfCancellationRequested();
        }
        return [.. names];
    }

    public IReadOnlyList<string> Values(string name, Sources sources, CancellationToken stop)
    {
        var values = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var head in Heads(sources))
        {
            if (tests.Count == 0 && IsWithin(head.MinTime, head.MaxTime))
            {
                values.UnionWith(head.Index.Values(name));
                continue;
            }
            var all = head.Series;
            foreach (var ordinal in Chosen(head.Index).Where(ordinal => all[ordinal].Overlaps(from, to)))
            {
                values.Add(all[ordinal].Labels[name]);
            }
            stop.ThrowIfCancellationRequested();
        }
        foreach (var block in Blocks(sources))
        {
            if (tests.Count == 0 && IsWithin(block.From, block.To))
            {
                values.UnionWith(block.Values(name));
                continue;
            }
            var texts = new Dictionary<int, string>();
            foreach (var ordinal in Chosen(block).Where(ordinal => block.Overlaps(ordinal, from, to)))
            {
                values.Add(memory.LabelsOf(block, ordinal, texts)[name]);
            }
            stop.ThrowIfCancellationRequested();
        }
        values.Remove("");
        return [.. values];
    }

    private bool IsWithin(long first, long last) => from <= first && to >= last;

    private IEnumerable<Head> Heads(Sources sources) =>
        sources.Leaving.Append(sources.Head).Where(head => head.Overlaps(from, to));

    private IEnumerable<Block> Blocks(Sources sources) => sources.Blocks.Where(block => block.Overlaps(from, to));

    private IEnumerable<int> Chosen(ILabelIndex index)
    {
        var chosen = SeriesSet.All(index.SeriesCount);
        foreach (var test in tests)
        {
            test.Narrow(index, chosen);
            if (chosen.IsEmpty)
            {
                return [];
            }
        }
        return chosen.Ordinals();
    }

    private static SelectedSeries Of(Labels labels, Dictionary<Labels, SelectedSeries> found, int most)
    {
        if (!found.TryGetValue(labels, out var known))
        {
            found.Add(labels, known = new(labels));
            if (found.Count > most)
            {
                throw MetricProblems.TooManySelected(found.Count, most);
            }
        }
        return known;
    }
}
