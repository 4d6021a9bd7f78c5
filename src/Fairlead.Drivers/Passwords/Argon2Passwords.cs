using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using NSec.Cryptography;

namespace Fairlead.Drivers.Passwords;

/// <summary>
/// Hashes passwords with Argon2id (RFC 9106) in libsodium: 32 MiB and 3 passes, more than OWASP's least of 19 MiB and 2. Few run at
/// once and few wait, so a flood costs neither memory nor the others' processors.
/// </summary>
public sealed class Argon2Passwords : IPasswordHashes
{
    private const int SaltBytes = 16;
    private const int HashBytes = 32;
    private const int AtOnceMax = 2;
    private const int WaitingMax = 32;

    // Of the process, whose memory it is.
    private static readonly SemaphoreSlim Running = new(AtOnceMax);

    private readonly int memory;
    private readonly int passes;

    // Checked where there is nothing to check, so that it takes as long.
    private readonly PhcText nobody;
    private int waiting;

    public Argon2Passwords()
        : this(memory: 32 * 1024, passes: 3) { }

    /// <param name="memory">KiB.</param>
    internal Argon2Passwords(int memory, int passes) =>
        (this.memory, this.passes, nobody) = (
            memory,
            passes,
            new(memory, passes, RandomNumberGenerator.GetBytes(SaltBytes), RandomNumberGenerator.GetBytes(HashBytes))
        );

    public async Task<string> HashAsync(string password, CancellationToken stop)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return (await DeriveAsync(new(memory, passes, salt, new byte[HashBytes]), password, stop)).ToString();
    }

    public async Task<PasswordAnswer> CheckAsync(string? stored, string password, CancellationToken stop)
    {
        var known = PhcText.TryParse(stored);
        var made = await DeriveAsync(known ?? nobody, password, stop);
        return known is null || !CryptographicOperations.FixedTimeEquals(made.Hash, known.Hash) ? PasswordAnswer.Wrong
            : known.Memory < memory || known.Passes < passes ? PasswordAnswer.RightButWeak
            : PasswordAnswer.Right;
    }

    /// <summary>The same work on another password.</summary>
    private async Task<PhcText> DeriveAsync(PhcText like, string password, CancellationToken stop)
    {
        if (Interlocked.Increment(ref waiting) > WaitingMax)
        {
            Interlocked.Decrement(ref waiting);
            throw new ProblemException(Busy());
        }
        try
        {
            await Running.WaitAsync(stop);
            try
            {
                return await Task.Run(() => Derive(like, password), CancellationToken.None);
            }
            finally
            {
                Running.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private static PhcText Derive(PhcText like, string password)
    {
        var argon2 = new Argon2id(
            new Argon2Parameters
            {
                DegreeOfParallelism = 1,
                MemorySize = like.Memory,
                NumberOfPasses = like.Passes,
            }
        );
        return like with { Hash = argon2.DeriveBytes(Encoding.UTF8.GetBytes(password), like.Salt, like.Hash.Length) };
    }

    private static Problem Busy() =>
        new(
            "identity.busy",
            What: "This sign-in was not looked at.",
            Why: $"{WaitingMax} others are being looked at.",
            Fix: "Try again in a moment, or sign in with a passkey."
        )
        {
            Trouble = Trouble.Unreachable,
        };
}
