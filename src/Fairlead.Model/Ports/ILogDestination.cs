using Fairlead.Model.Telemetry;

namespace Fairlead.Model.Ports;

/// <summary>Another system that logs are passed on to.</summary>
public interface ILogDestination
{
    /// <summary>Passes records on. They may come twice; the order is that in which they came in.</summary>
    /// <exception cref="Problems.ProblemException">It cannot take them now: none of them counts as passed on.</exception>
    Task<LogsSent> SendAsync(IReadOnlyList<LogRecord> records, CancellationToken stop);
}

/// <summary>What became of records that were passed on.</summary>
/// <param name="Refused">Those that will never be taken, however often they are sent.</param>
/// <param name="Why">Why the first of them was not; null when all were taken.</param>
public sealed record LogsSent(int Refused, string? Why)
{
    public static readonly LogsSent All = new(0, Why: null);
}
