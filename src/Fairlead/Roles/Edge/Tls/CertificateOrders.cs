using Fairlead.Drivers.Http;
using Fairlead.Drivers.Routers;
using Fairlead.Model.Ports;

namespace Fairlead.Roles.Edge.Tls;

/// <summary>The server's orders about certificates, on the Unix socket alone.</summary>
internal static class CertificateOrders
{
    public static void Map(IEndpointRouteBuilder endpoints, CertificateDesk desk, ChallengeBoard challenges)
    {
        endpoints.MapGet(
            EdgeCertificates.CertificatesPath,
            async http =>
                await http.Response.WriteAsJsonAsync(
                    await desk.ListAsync(http.RequestAborted),
                    Wire.Json,
                    http.RequestAborted
                )
        );
        Map<IssuedCertificate>(
            endpoints,
            EdgeCertificates.CertificatesPath,
            (http, certificate) => desk.PutAsync(certificate, RoleServer.FenceOf(http.Request), CancellationToken.None)
        );
        Map<IReadOnlyList<string>>(
            endpoints,
            EdgeCertificates.RemovePath,
            (http, hosts) => desk.RemoveAsync(hosts, RoleServer.FenceOf(http.Request), CancellationToken.None)
        );
        Map<Challenge>(
            endpoints,
            EdgeCertificates.ChallengesPath,
            (http, challenge) => challenges.ShowAsync(challenge, http.RequestAborted)
        );
        Map<Challenge>(
            endpoints,
            EdgeCertificates.RemoveChallengePath,
            (http, challenge) => challenges.RemoveAsync(challenge, http.RequestAborted)
        );
    }

    private static void Map<T>(IEndpointRouteBuilder endpoints, string path, Func<HttpContext, T, Task> act) =>
        endpoints.MapPost(
            path,
            async http =>
            {
                await act(http, await EdgeOrders.ReadAsync<T>(http, http.RequestAborted));
                http.Response.StatusCode = StatusCodes.Status204NoContent;
            }
        );
}
