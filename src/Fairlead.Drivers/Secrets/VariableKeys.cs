using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Konscious.Security.Cryptography;

namespace Fairlead.Drivers.Secrets;

/// <summary>Master keys in a variable of the server: 32 bytes in base64, which only memory holds.</summary>
/// <param name="variable">Reads the server's environment.</param>
public sealed class EnvironmentKeys(Func<string, string?> variable, World world) : HeldKeys
{
    private const string UsualName = "FAIRLEAD_MASTER_KEY";

    public override string Kind => "environment";

    public override Task<MasterKey> MakeAsync(IReadOnlyDictionary<string, string> settings, CancellationToken stop)
    {
        var name = settings.GetValueOrDefault("variable", UsualName);
        var bytes = Read(name);
        var id = Convert.ToHexStringLower(SHA256.HashData(bytes))[..12];
        return Task.FromResult(
            new MasterKey(id, Kind, new Dictionary<string, string> { ["variable"] = name }, world.Now)
        );
    }

    protected override byte[] BytesOf(MasterKey key)
    {
        var bytes = Read(key.Settings["variable"]);
        return Convert.ToHexStringLower(SHA256.HashData(bytes))[..12] == key.Id
            ? bytes
            : throw new ProblemException(KeyProblems.Other(key, $"the variable {key.Settings["variable"]}"));
    }

    private byte[] Read(string name)
    {
        var bytes = new byte[KeyBytes + 1];
        return Convert.TryFromBase64String(variable(name) ?? "", bytes, out var count) && count == KeyBytes
            ? bytes[..KeyBytes]
            : throw new ProblemException(
                new Problem(
                    "secret.key-variable",
                    What: $"The server's variable {name} holds no master key.",
                    Why: variable(name) is null ? "It is not set." : $"It is not {KeyBytes} bytes in base64.",
                    Fix: $"Start Fairlead with it, for example: {name}=$(head -c 32 /dev/urandom | base64) fairlead up"
                )
                {
                    Trouble = Trouble.NeedsPerson,
                }
            );
    }
}

/// <summary>Master keys made of a passphrase by Argon2id (RFC 9106), whose salt and costs are in the key's description.</summary>
/// <param name="variable">Reads the server's environment.</param>
public sealed class PassphraseKeys(Func<string, string?> variable, World world) : HeldKeys
{
    private const string UsualName = "FAIRLEAD_PASSPHRASE";
    private const int PassphraseCharsMin = 12;
    private const int SaltBytes = 16;
    private const int CheckBytes = 6;

    // RFC 9106's second recommended option.
    private const int MemoryKib = 64 * 1024;
    private const int Passes = 3;
    private const int Lanes = 4;

    private readonly Lock gate = new();
    private readonly Dictionary<string, byte[]> made = [];

    public override string Kind => "passphrase";

    public override Task<MasterKey> MakeAsync(IReadOnlyDictionary<string, string> settings, CancellationToken stop)
    {
        var described = new Dictionary<string, string>
        {
            ["variable"] = settings.GetValueOrDefault("variable", UsualName),
            ["salt"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(SaltBytes)),
            ["memory"] = Text(MemoryKib),
            ["passes"] = Text(Passes),
            ["lanes"] = Text(Lanes),
        };
        var (key, check) = Derive(described);
        var master = new MasterKey(check, Kind, described, world.Now);
        lock (gate)
        {
            made[master.Id] = key;
        }
        return Task.FromResult(master);
    }

    protected override byte[] BytesOf(MasterKey key)
    {
        lock (gate)
        {
            if (made.TryGetValue(key.Id, out var known))
            {
                return known;
            }
            var (bytes, check) = Derive(key.Settings);
            return made[key.Id] =
                check == key.Id
                    ? bytes
                    : throw new ProblemException(KeyProblems.Other(key, $"the variable {key.Settings["variable"]}"));
        }
    }

    // One run makes the key and, behind it, what tells a wrong passphrase from damage; neither says anything of the other.
    private (byte[] Key, string Check) Derive(IReadOnlyDictionary<string, string> settings)
    {
        var name = settings["variable"];
        var phrase = variable(name);
        if (phrase is null || phrase.Length < PassphraseCharsMin)
        {
            throw new ProblemException(
                new Problem(
                    "secret.passphrase",
                    What: $"The server's variable {name} holds no passphrase.",
                    Why: phrase is null
                        ? "It is not set."
                        : $"It has {phrase.Length} letters; at least {PassphraseCharsMin} are needed.",
                    Fix: $"Start Fairlead with it: {name}=... fairlead up"
                )
                {
                    Trouble = Trouble.NeedsPerson,
                }
            );
        }
        using var argon = new Argon2id(Encoding.UTF8.GetBytes(phrase))
        {
            Salt = Convert.FromBase64String(settings["salt"]),
            MemorySize = Number(settings["memory"]),
            Iterations = Number(settings["passes"]),
            DegreeOfParallelism = Number(settings["lanes"]),
        };
        var bytes = argon.GetBytes(KeyBytes + CheckBytes);
        return (bytes[..KeyBytes], Convert.ToHexStringLower(bytes[KeyBytes..]));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>What can be wrong with a master key of any kind.</summary>
internal static class KeyProblems
{
    public static Problem Other(MasterKey key, string place) =>
        new(
            "secret.key-other",
            What: $"Secrets under the master key {key.Id} cannot be opened.",
            Why: $"What {place} holds is another key.",
            Fix: $"Start Fairlead with the one of {key.At:yyyy-MM-dd}. To change it, keep it and name the new one: fairlead secret rekey"
        )
        {
            Trouble = Trouble.NeedsPerson,
        };
}
