using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;

namespace Fairlead.Faces.Http;

/// <summary>Who may use an endpoint. Each one says it; one that does not is refused to everybody, and fails the tests.</summary>
/// <param name="IsForEverybody">Also for whoever is not known, such as whether the server answers.</param>
/// <param name="Needs">What its caller needs; null where being known is enough.</param>
/// <param name="IsAsked">The endpoint asks itself, because what is needed depends on what is asked for.</param>
internal sealed record EndpointPolicy(bool IsForEverybody, Need? Needs, bool IsAsked)
{
    public static EndpointPolicy Everybody { get; } = new(IsForEverybody: true, Needs: null, IsAsked: false);

    public static EndpointPolicy AnybodyKnown { get; } = new(IsForEverybody: false, Needs: null, IsAsked: false);

    /// <summary>What the operation says; null, which is no policy, where it says nothing.</summary>
    public static object Of(Operation operation) =>
        operation.Needs is { } need ? new EndpointPolicy(IsForEverybody: false, need, IsAsked: true) : new object();

    /// <summary>A permission on everything.</summary>
    public static EndpointPolicy OnAll(Permission permission) =>
        new(IsForEverybody: false, Need.OfAll(permission), IsAsked: false);

    /// <summary>A permission on everything, which the operation behind it asks for itself.</summary>
    public static EndpointPolicy AskedOnAll(Permission permission) => OnAll(permission) with { IsAsked = true };

    /// <summary>A permission on some site; the answer is narrowed to those.</summary>
    public static EndpointPolicy Anywhere(Permission permission) =>
        new(IsForEverybody: false, Need.Of(permission), IsAsked: true);

    /// <exception cref="Refused">The endpoint has no policy, or its caller not what that asks for.</exception>
    public static async Task CheckAsync(HttpContext http, Gatekeeper gatekeeper, CancellationToken stop)
    {
        if (http.GetEndpoint() is not { } endpoint)
        {
            return; // Nothing answers there.
        }
        if (endpoint.Metadata.GetMetadata<EndpointPolicy>() is not { } policy)
        {
            throw new Refused(StatusCodes.Status403Forbidden, Problems.NoPolicy(http.Request.Path));
        }
        if (policy is { IsAsked: false, Needs: { } need })
        {
            await gatekeeper.DemandAllAsync(Door.CallerOf(http), need.Permission, http.Request.Path, stop);
        }
    }
}
