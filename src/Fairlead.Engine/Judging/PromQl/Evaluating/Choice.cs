using Fairlead.Engine.Judging.PromQl.Reading;

namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>
/// Chooses some series of a group by their numbers at a step. A heap with the weakest on top, as Prometheus has it, so that the same
/// ones are chosen among equals.
/// </summary>
internal sealed class Choice(Aggregator aggregator)
{
    private readonly List<Row> heap = [];
    private int step;

    /// <summary>Those that are chosen, strongest first.</summary>
    public IReadOnlyList<Row> Of(IReadOnlyList<Row> rows, int at, int count)
    {
        step = at;
        heap.Clear();
        foreach (var row in rows)
        {
            if (Absent.Is(row.Values[step]))
            {
                continue;
            }
            if (heap.Count < count)
            {
                heap.Add(row);
                Rise(heap.Count - 1);
            }
            else if (aggregator == Aggregator.Limitk)
            {
                break;
            }
            else if (IsStronger(row))
            {
                heap[0] = row;
                Sink();
            }
        }
        return aggregator switch
        {
            Aggregator.Limitk => [.. heap],
            Aggregator.Topk => [.. heap.OrderBy(IsNaN).ThenByDescending(Value)],
            _ => [.. heap.OrderBy(IsNaN).ThenBy(Value)],
        };
    }

    private double Value(Row row) => row.Values[step];

    private bool IsNaN(Row row) => double.IsNaN(row.Values[step]);

    private bool IsStronger(Row row)
    {
        var (top, value) = (Value(heap[0]), Value(row));
        return (aggregator == Aggregator.Topk ? top < value : top > value)
            || (double.IsNaN(top) && !double.IsNaN(value));
    }

    private bool IsWeaker(int left, int right)
    {
        var (first, second) = (Value(heap[left]), Value(heap[right]));
        return double.IsNaN(first) || (aggregator == Aggregator.Topk ? first < second : first > second);
    }

    private void Rise(int child)
    {
        while (aggregator != Aggregator.Limitk && child > 0 && IsWeaker(child, (child - 1) / 2))
        {
            Swap(child, (child - 1) / 2);
            child = (child - 1) / 2;
        }
    }

    private void Sink()
    {
        for (var parent = 0; 2 * parent + 1 < heap.Count; )
        {
            var child = 2 * parent + 1;
            child += child + 1 < heap.Count && IsWeaker(child + 1, child) ? 1 : 0;
            if (!IsWeaker(child, parent))
            {
                break;
            }
            Swap(parent, child);
            parent = child;
        }
    }

    private void Swap(int left, int right) => (heap[left], heap[right]) = (heap[right], heap[left]);
}
