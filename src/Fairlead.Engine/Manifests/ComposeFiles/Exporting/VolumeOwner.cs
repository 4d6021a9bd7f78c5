using System.Text.Json.Nodes;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.ComposeFiles.Exporting;

/// <summary>Docker gives a new volume to root; this gives it to the user that writes to it, before the service starts.</summary>
internal static class VolumeOwner
{
    public static string Name(Service service) => $"{service.Name}-volumes";

    /// <summary>Null for a service without volumes, and for a ready image that is told no user.</summary>
    public static JsonObject? Of(LoadedApp app, Service service)
    {
        if (service.IsStatic || service.Container?.Volumes is not { Count: > 0 } volumes)
        {
            return null;
        }
        if (service.Container is { Image: not null, User: null })
        {
            // Its own user, whom only the image knows; such an image gives itself its folders.
            return null;
        }
        var user = service.Container.User ?? ServiceExport.Nobody;
        return new JsonObject
        {
            ["image"] = (Images.Of(service) ?? Images.Usual).Run,
            ["user"] = "0:0",
            ["entrypoint"] = new JsonArray(["chown", user, .. volumes.Values.Select(static one => (JsonNode)one)]),
            ["command"] = new JsonArray(),
            ["volumes"] = new JsonArray([
                .. volumes.Select(one =>
                    (JsonNode)$"{ServiceExport.VolumeName(app, service, one.Key)}:{one.Value}:nocopy"
                ),
            ]),
            ["read_only"] = true,
            ["cap_drop"] = new JsonArray("ALL"),
            ["cap_add"] = new JsonArray("CHOWN"),
            ["security_opt"] = new JsonArray("no-new-privileges:true"),
            ["restart"] = "no",
        };
    }
}
