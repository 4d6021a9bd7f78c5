using System.Text.Json;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Aws;

/// <summary>A service of a site, and where at AWS it is or was.</summary>
public sealed record AwsService(string Service, AwsPlace Place);

/// <summary>
/// Remembers which services of which sites may have something where at AWS: only there it is looked, as AWS cannot be asked for everything
/// that somebody owns. What is there is not remembered.
/// </summary>
public sealed class AwsSites(IStore store, World world)
{
    private const string Collection = "aws-places";
    private const string OwnerCollection = "aws-owner";
    private const string OwnerKey = "owner";
    private const int PlacesMax = 200;

    /// <summary>None where all of it runs elsewhere.</summary>
    public async Task<IReadOnlyList<AwsService>> OfAsync(Site site, CancellationToken stop) =>
        await store.ReadAsync(Collection, site.ToString(), stop) is { } document
            ? Records.Read<List<AwsService>>(document)
            : [];

    /// <summary>Says it before anything is placed there. What is said anew of the same thing takes the place of what was said before.</summary>
    public async Task AddAsync(Site site, AwsService service, Fence fence, CancellationToken stop)
    {
        var known = await OfAsync(site, stop);
        if (known.Any(one => Text(one) == Text(service)))
        {
            return;
        }
        List<AwsService> wanted = [.. known.Where(one => !IsSame(one, service)), service];
        await WriteAsync(site, [.. wanted.TakeLast(PlacesMax)], fence, stop);
    }

    /// <summary>Says that nothing is there any more.</summary>
    public async Task ForgetAsync(Site site, AwsService service, Fence fence, CancellationToken stop)
    {
        var known = await OfAsync(site, stop);
        if (known.Any(one => IsSame(one, service)))
        {
            await WriteAsync(site, [.. known.Where(one => !IsSame(one, service))], fence, stop);
        }
    }

    /// <summary>By which things at AWS tell this Fairlead from others, whichever of its servers is in charge.</summary>
    public async Task<string> OwnerAsync(Fence fence, CancellationToken stop)
    {
        if (await store.ReadAsync(OwnerCollection, OwnerKey, stop) is { } document)
        {
            return Records.Read<string>(document);
        }
        var owner = world.NewId();
        await store.CommitAsync(
            new Change(fence) { Writes = [new Write(OwnerCollection, OwnerKey, Records.Body(owner), Expected: 0)] },
            stop
        );
        return owner;
    }

    private static bool IsSame(AwsService left, AwsService right) =>
        left.Service == right.Service && left.Place.Identity == right.Place.Identity;

    private static string Text(AwsService one) => JsonSerializer.Serialize(one, Records.Json);

    private async Task WriteAsync(Site site, List<AwsService> services, Fence fence, CancellationToken stop) =>
        await store.CommitAsync(
            new Change(fence)
            {
                Writes = [new Write(Collection, site.ToString(), services.Count == 0 ? null : Records.Body(services))],
            },
            stop
        );
}
