using System.Buffers.Text;
using System.ComponentModel;
using System.Security.Cryptography;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Operations;

/// <summary>Makes a password for the manifest's <c>protect</c>, and what may be written down of it.</summary>
public static class HashPassword
{
    private const int PasswordBytes = 15;
    private const int SaltBytes = 16;

    public sealed record Input
    {
        [Description(
            "A password of your own; a new one is made when left out, which stays out of the shell's history."
        )]
        public string? Password { get; init; }
    }

    /// <param name="Password">The new one; null when it was given.</param>
    /// <param name="Hash">For the manifest: <c>users: { anna: "pbkdf2$..." }</c>.</param>
    public sealed record Output(string? Password, string Hash);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "password.hash",
            "Make a password, and the hash of it that a manifest may hold.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead password hash"],
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var made = input.Password is null
            ? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(PasswordBytes))
            : null;
        var hash = PasswordHash.Of(made ?? input.Password!, RandomNumberGenerator.GetBytes(SaltBytes)); // One of both is there.
        return Task.FromResult(new Output(made, hash));
    }
}
