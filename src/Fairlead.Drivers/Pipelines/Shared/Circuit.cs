namespace Fairlead.Drivers.Pipelines.Shared;

/// <summary>Counts what went wrong one after the other, and says when it is not worth asking any more.</summary>
internal sealed class Circuit(string doing)
{
    private const int FailuresMax = 3;

    private readonly Lock gate = new();
    private int failures;

    /// <summary>Why it was given up; null while it is not.</summary>
    public string? Reason { get; private set; }

    public bool IsOpen => Reason is not null;

    public void Pass()
    {
        lock (gate)
        {
            failures = 0;
        }
    }

    /// <param name="isFinal">Asking again would lead to the same.</param>
    public void Fail(string why, bool isFinal = false)
    {
        lock (gate)
        {
            failures++;
            if (Reason is null && (isFinal || failures >= FailuresMax))
            {
                Reason =
                    $"{doing} was given up for this run: {why}{(failures > 1 ? $" ({failures} times in a row)" : "")}";
            }
        }
    }
}
