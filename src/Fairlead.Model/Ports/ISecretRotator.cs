using Fairlead.Model.Security;

namespace Fairlead.Model.Ports;

/// <summary>
/// Makes a secret's next value where it counts, such as at a database, so that for a while both values are good. Every method may be
/// called again after a crash: what an unfinished rotation left is cleared away by the next.
/// </summary>
public interface ISecretRotator
{
    /// <summary>As <c>secret rotate --with</c> says it.</summary>
    string Kind { get; }

    /// <summary>Makes the next value. The newest one stays good.</summary>
    /// <exception cref="Problems.ProblemException">It was refused, or the settings do not do.</exception>
    Task<Secret> NextAsync(SecretTurn turn, CancellationToken stop);

    /// <summary>Makes a value good for nothing that nobody uses any more, or finds it so.</summary>
    /// <exception cref="Problems.ProblemException">It was refused.</exception>
    Task RetireAsync(SecretTurn turn, Secret old, CancellationToken stop);
}

/// <summary>What a rotator is given.</summary>
/// <param name="Newest">The newest value; null when there is none yet.</param>
public sealed record SecretTurn(IReadOnlyDictionary<string, string> Settings, Secret? Newest)
{
    /// <summary>The secret that the setting <c>admin</c> names: as whom to ask; null where it names none.</summary>
    public Secret? Admin { get; init; }
}
