using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Secrets;

/// <summary>
/// Envelope encryption: each version of a secret is sealed by AES-256-GCM with a key of its own, made for it and used once, and that
/// key is wrapped by a master key. Both are bound to the version's name, so none can be put in another's place.
/// </summary>
/// <param name="kinds">Where master keys are kept, one of each kind.</param>
public sealed class Envelope(IReadOnlyList<IMasterKeys> kinds) : ISecretSeals
{
    private const int KeyBytes = 32;

    private static readonly int NonceBytes = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagBytes = AesGcm.TagByteSizes.MaxSize;

    public Task<MasterKey> MakeKeyAsync(
        string kind,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken stop
    ) => Of(kind).MakeAsync(settings, stop);

    public async Task<SealedSecret> SealAsync(SecretValue value, MasterKey key, CancellationToken stop)
    {
        var label = LabelOf(value.Version);
        var dataKey = RandomNumberGenerator.GetBytes(KeyBytes);
        try
        {
            var wrapped = await Of(key.Kind).WrapAsync(key, dataKey, label, stop);
            var box = Encrypt(dataKey, Encoding.UTF8.GetBytes(value.Value.Reveal()), label);
            return new(key.Id, Convert.ToBase64String(wrapped), Convert.ToBase64String(box));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    public async Task<Secret> OpenAsync(
        SealedSecret sealedValue,
        SecretVersion version,
        MasterKey key,
        CancellationToken stop
    )
    {
        var label = LabelOf(version);
        try
        {
            var dataKey = await Of(key.Kind)
                .UnwrapAsync(key, Convert.FromBase64String(sealedValue.DataKey), label, stop);
            return new(Encoding.UTF8.GetString(Decrypt(dataKey, Convert.FromBase64String(sealedValue.Text), label)));
        }
        catch (Exception caught) when (caught is CryptographicException or FormatException or ArgumentException)
        {
            throw new ProblemException(Damaged(version, key), caught);
        }
    }

    public async Task<SealedSecret> RewrapAsync(
        (SealedSecret Sealed, SecretVersion Version) one,
        MasterKey from,
        MasterKey to,
        CancellationToken stop
    )
    {
        var label = LabelOf(one.Version);
        try
        {
            var dataKey = await Of(from.Kind)
                .UnwrapAsync(from, Convert.FromBase64String(one.Sealed.DataKey), label, stop);
            var wrapped = await Of(to.Kind).WrapAsync(to, dataKey, label, stop);
            CryptographicOperations.ZeroMemory(dataKey);
            return one.Sealed with { KeyId = to.Id, DataKey = Convert.ToBase64String(wrapped) };
        }
        catch (Exception caught) when (caught is CryptographicException or FormatException)
        {
            throw new ProblemException(Damaged(one.Version, from), caught);
        }
    }

    public Task ForgetKeyAsync(MasterKey key, CancellationToken stop) => Of(key.Kind).ForgetAsync(key, stop);

    /// <summary>Nonce, text and tag. A nonce is drawn by chance; a key seals one text, so none can come twice.</summary>
    internal static byte[] Encrypt(byte[] key, ReadOnlySpan<byte> text, byte[] label)
    {
        var box = new byte[NonceBytes + text.Length + TagBytes];
        var nonce = box.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(nonce, text, box.AsSpan(NonceBytes, text.Length), box.AsSpan(NonceBytes + text.Length), label);
        return box;
    }

    /// <exception cref="CryptographicException">It is damaged, or was sealed with another key or label.</exception>
    internal static byte[] Decrypt(byte[] key, ReadOnlySpan<byte> box, byte[] label)
    {
        if (box.Length < NonceBytes + TagBytes)
        {
            throw new CryptographicException("It is too short.");
        }
        var text = new byte[box.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Decrypt(
            box[..NonceBytes],
            box.Slice(NonceBytes, text.Length),
            box[(NonceBytes + text.Length)..],
            text,
            label
        );
        return text;
    }

    private static byte[] LabelOf(SecretVersion version) => Encoding.UTF8.GetBytes($"fairlead secret {version}");

    private IMasterKeys Of(string kind) =>
        kinds.FirstOrDefault(one => one.Kind == kind)
        ?? throw new ProblemException(
            new Problem(
                "secret.key-kind",
                What: $"There is no kind of master key '{kind}'.",
                Why: $"There are: {string.Join(", ", kinds.Select(one => one.Kind))}.",
                Fix: "Write for example: fairlead secret rekey --to environment"
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );

    private static Problem Damaged(SecretVersion version, MasterKey key) =>
        new(
            "secret.damaged",
            What: $"{version} cannot be opened.",
            Why: $"It was not sealed with the master key {key.Id} ({key.Kind}) for this name and version, or it was changed since.",
            Fix: "Restore the store and the master key from the same backup, or set the secret again."
        );
}
