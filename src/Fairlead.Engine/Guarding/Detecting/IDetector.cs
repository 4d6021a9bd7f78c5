using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Detecting;

/// <summary>Looks again and again for one kind of thing that should not be.</summary>
public interface IDetector
{
    /// <summary>For the log.</summary>
    string Name { get; }

    TimeSpan Every { get; }

    /// <summary>What is there to be found now; what was found before may be said again.</summary>
    /// <exception cref="Model.Problems.ProblemException">It cannot be seen.</exception>
    Task<IReadOnlyList<Finding>> LookAsync(CancellationToken stop);

    /// <summary>What the last look found is written down: now it may be remembered as known. A crash before this finds it again.</summary>
    Task RememberAsync(CancellationToken stop) => Task.CompletedTask;
}
