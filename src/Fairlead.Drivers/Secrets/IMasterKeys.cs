using Fairlead.Model.Security;

namespace Fairlead.Drivers.Secrets;

/// <summary>One kind of place for master keys.</summary>
public interface IMasterKeys
{
    string Kind { get; }

    /// <summary>Makes one, or describes the one that its place has.</summary>
    /// <exception cref="Model.Problems.ProblemException">Its place has none, or cannot make one.</exception>
    Task<MasterKey> MakeAsync(IReadOnlyDictionary<string, string> settings, CancellationToken stop);

    Task<byte[]> WrapAsync(MasterKey key, byte[] dataKey, byte[] label, CancellationToken stop);

    /// <exception cref="System.Security.Cryptography.CryptographicException">It was wrapped with another key or label.</exception>
    Task<byte[]> UnwrapAsync(MasterKey key, byte[] wrapped, byte[] label, CancellationToken stop);

    /// <summary>Destroys it where that is in our hands, or finds it gone.</summary>
    Task ForgetAsync(MasterKey key, CancellationToken stop);
}

/// <summary>Master keys whose bytes this process can have.</summary>
public abstract class HeldKeys : IMasterKeys
{
    protected const int KeyBytes = 32;

    public abstract string Kind { get; }

    public abstract Task<MasterKey> MakeAsync(IReadOnlyDictionary<string, string> settings, CancellationToken stop);

    public Task<byte[]> WrapAsync(MasterKey key, byte[] dataKey, byte[] label, CancellationToken stop) =>
        Task.FromResult(Envelope.Encrypt(BytesOf(key), dataKey, label));

    public Task<byte[]> UnwrapAsync(MasterKey key, byte[] wrapped, byte[] label, CancellationToken stop) =>
        Task.FromResult(Envelope.Decrypt(BytesOf(key), wrapped, label));

    public virtual Task ForgetAsync(MasterKey key, CancellationToken stop) => Task.CompletedTask;

    /// <exception cref="Model.Problems.ProblemException">It is not where it should be.</exception>
    protected abstract byte[] BytesOf(MasterKey key);
}
