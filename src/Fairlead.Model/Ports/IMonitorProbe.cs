using Fairlead.Model.Monitoring;

namespace Fairlead.Model.Ports;

/// <summary>Looks at something once, from outside, as whoever uses it would. It changes nothing there.</summary>
public interface IMonitorProbe
{
    /// <summary>Ways of looking that it has, by what addresses begin with, such as <c>http</c> and <c>https</c>.</summary>
    IReadOnlyList<string> Ways { get; }

    /// <summary>Looks; what is wrong is a look that says so.</summary>
    /// <param name="spec">With its variables filled in: it may hold passwords, which must not get into what is seen.</param>
    /// <param name="stop">Told also when the look's time is over.</param>
    /// <exception cref="Problems.ProblemException">It does not answer, as another part found out; the same as a look that failed.</exception>
    Task<MonitorLook> LookAsync(MonitorSpec spec, CancellationToken stop);
}

/// <summary>Tells whether this machine itself reaches the network.</summary>
public interface INetworkReference
{
    /// <summary>Whom it asks, for people; none where there is nobody to ask.</summary>
    IReadOnlyList<string> Asked { get; }

    /// <summary>Whether at least one of them answers; true where there is nobody to ask.</summary>
    Task<bool> AnswersAsync(CancellationToken stop);
}
