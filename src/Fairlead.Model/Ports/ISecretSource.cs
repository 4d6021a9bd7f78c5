using Fairlead.Model.Security;

namespace Fairlead.Model.Ports;

/// <summary>Reads values that are kept elsewhere. Only reads.</summary>
public interface ISecretSource
{
    /// <summary>As references begin: <c>vault</c> of <c>vault:secret/data/shop#password</c>.</summary>
    string Kind { get; }

    /// <exception cref="Problems.ProblemException">It cannot be reached, refuses, or has nothing there.</exception>
    Task<Secret> ReadAsync(SecretReference reference, CancellationToken stop);
}
