using System.Collections.Concurrent;
using Fairlead.Drivers.Certificates.Acme;

namespace Fairlead.Scenarios.Certificates;

/// <summary>Account keys that go with the test.</summary>
internal sealed class KeysInMemory : IAccountKeys
{
    private readonly ConcurrentDictionary<string, string> kept = new();

    public Task<string> GetOrCreateAsync(string authority, Func<string> create, CancellationToken stop) =>
        Task.FromResult(kept.GetOrAdd(authority, _ => create()));
}
