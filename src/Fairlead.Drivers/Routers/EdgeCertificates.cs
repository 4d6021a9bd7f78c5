using Fairlead.Drivers.Http;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Routers;

/// <summary>The edge role as the place where certificates are used and challenges are answered, asked over its Unix socket.</summary>
public sealed class EdgeCertificates(RoleClient edge) : ICertificateShelf, IChallengeDesk
{
    /// <summary>Where the edge takes an <see cref="IssuedCertificate"/>, and lists what it has.</summary>
    public const string CertificatesPath = "/certificates";

    /// <summary>Where the edge takes host names whose certificate it shall forget.</summary>
    public const string RemovePath = "/certificates/remove";

    /// <summary>Where the edge takes a <see cref="Challenge"/> to show.</summary>
    public const string ChallengesPath = "/challenges";

    /// <summary>Where the edge takes a <see cref="Challenge"/> to show no more.</summary>
    public const string RemoveChallengePath = "/challenges/remove";

    public async Task<IReadOnlyList<HeldCertificate>> ListAsync(CancellationToken stop) =>
        await edge.GetAsync<HeldCertificate[]>(CertificatesPath, stop);

    public Task PutAsync(IssuedCertificate certificate, Fence fence, CancellationToken stop) =>
        edge.PostAsync<object?>(CertificatesPath, certificate, fence, stop);

    public Task RemoveAsync(IReadOnlyList<string> hosts, Fence fence, CancellationToken stop) =>
        edge.PostAsync<object?>(RemovePath, hosts, fence, stop);

    public Task ShowAsync(Challenge challenge, CancellationToken stop) =>
        edge.PostAsync<object?>(ChallengesPath, challenge, fence: null, stop);

    public Task RemoveAsync(Challenge challenge, CancellationToken stop) =>
        edge.PostAsync<object?>(RemoveChallengePath, challenge, fence: null, stop);
}
