using System.Globalization;
using System.Security.Cryptography;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Secrets;

/// <summary>Draws letters and digits by chance: for what only has to be the same for all who know it, such as a signing key.</summary>
public sealed class RandomRotator : ISecretRotator
{
    private const int LettersUsual = 43;
    private const int LettersMin = 16;
    private const int LettersMax = 1024;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public string Kind => "random";

    public Task<Secret> NextAsync(SecretTurn turn, CancellationToken stop)
    {
        var text = turn.Settings.GetValueOrDefault("length");
        var length = LettersUsual;
        if (
            text is not null
            && (
                !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out length)
                || length is < LettersMin or > LettersMax
            )
        )
        {
            throw new ProblemException(
                new Problem(
                    "secret.wrong-length",
                    What: $"A secret cannot have '{text}' letters.",
                    Why: $"It has {LettersMin} to {LettersMax}.",
                    Fix: "Write for example: --set length=48"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        return Task.FromResult(new Secret(RandomNumberGenerator.GetString(Letters, length)));
    }

    // Nobody else knows it, so there is nowhere to end it.
    public Task RetireAsync(SecretTurn turn, Secret old, CancellationToken stop) => Task.CompletedTask;
}
