using Fairlead.Engine.Manifests.ComposeFiles.Reading;

namespace Fairlead.Engine.Manifests.ComposeFiles.Importing;

/// <summary>What a service is taken for that is only an image: little says so, since nobody looks into the image.</summary>
/// <param name="Known">Null for an image that is not known by its name.</param>
/// <param name="Port">Where it listens; null when nothing tells that it does.</param>
/// <param name="IsWeb">It is asked by HTTP from outside; else only the app's own services find it.</param>
/// <param name="Why">What tells so.</param>
internal sealed record ImageService(string Image, KnownImage? Known, int? Port, bool IsWeb, string Why)
{
    private const string TraefikService = ".loadbalancer.server.port";

    /// <summary>Ports that hardly anything but HTTP has.</summary>
    private static readonly int[] HttpPorts =
    [
        80,
        3000,
        3001,
        4000,
        4200,
        5000,
        5173,
        5601,
        8000,
        8001,
        8008,
        8080,
        8081,
        8082,
        8088,
        8090,
        8501,
        8888,
        9000,
        9090,
    ];

    public string Kind => IsWeb ? "web" : "worker";

    /// <summary>It has a way from outside at the usual ports of the web, so its pages are the app's first ones.</summary>
    public bool IsFirst { get; private init; }

    public static ImageService Of(string name, string image, ComposeFile file)
    {
        var service = file.Services[name];
        var known = KnownImages.Of(image);
        var mapped = Mapped(service);
        int[] said = [.. mapped.Select(static one => one.Target), .. Exposed(service)];
        var (led, ledPort) = Led(service);
        var asked = HealthImport.Asked(service);
        var port = new[]
        {
            ledPort,
            known is not null && (said.Length == 0 || said.Contains(known.Port)) ? known.Port : null,
            Variable(service, "PORT") is { } own && (said.Length == 0 || said.Contains(own)) ? own : null,
            asked?.Port is { } seen && (said.Length == 0 || mapped.Any(one => one.Target == seen)) ? seen : null,
            Array.Find(said, HttpPorts.Contains) is > 0 and var usual ? usual : null,
            said.Length > 0 ? said[0] : null,
        }.FirstOrDefault(static one => one is not null);
        port ??= Called(name, file) ?? (led ? Model.Apps.ContainerSettings.UsualPort : null);
        var isOpen = led || mapped.Any(one => one.Target == port);
        var speaksHttp = led || asked is not null || (port is { } number && HttpPorts.Contains(number));
        var isWeb = isOpen && (known?.IsWeb ?? speaksHttp);
        return new(image, known, port, isWeb, Reason(port, (led, asked is not null), (isOpen, speaksHttp)))
        {
            IsFirst = led || HasWebPort(service),
        };
    }

    /// <summary>Whether it has the machine's own port of the web.</summary>
    public static bool HasWebPort(Piece.Group service) =>
        Mapped(service).Any(static one => one.Published is "80" or "443");

    private static string Reason(int? port, (bool IsLed, bool IsAsked) signs, (bool IsOpen, bool SpeaksHttp) seen) =>
        (port, signs, seen) switch
        {
            (null, _, _) => "It publishes and exposes no port, so nobody is known to ask it anything.",
            (_, (true, _), _) => $"Its labels or variables lead requests from outside to it, at port {port}.",
            (_, (_, true), (true, _)) => $"It publishes port {port}, and its health check asks by HTTP.",
            (_, _, (true, true)) => $"It publishes port {port}, which is one of HTTP's usual ones.",
            (_, _, (true, _)) => $"It publishes port {port}, and nothing tells that it speaks HTTP there.",
            _ => $"It listens on port {port}, which is not published: only services of the app ask it.",
        };

    private static IReadOnlyList<PortMapping> Mapped(Piece.Group service) =>
        [
            .. ((service.Find("ports") as Piece.Row)?.Items ?? [])
                .Select(PortMapping.Read)
                .OfType<PortMapping>()
                .Where(static one => one.Protocol == "tcp" && one.Target == one.TargetEnd),
        ];

    private static IEnumerable<int> Exposed(Piece.Group service) =>
        ((service.Find("expose") as Piece.Row)?.Items ?? [])
            .OfType<Piece.Word>()
            .Where(static word => !word.Text.EndsWith("/udp", StringComparison.Ordinal))
            .Select(static word => ComposeValues.Whole(word.Text.Split('/', '-')[0]))
            .OfType<int>()
            .Where(static port => port is > 0 and <= 65535);

    /// <summary>Whether a proxy is told to lead requests to it, and to which port where that is said.</summary>
    private static (bool IsLed, int? Port) Led(Piece.Group service)
    {
        var labels = (service.Find("labels") as Piece.Group)?.Entries ?? [];
        var isTraefiks = labels.Any(static one =>
            one is { Key: "traefik.enable", Value: Piece.Word { Text: "true" } }
            || one.Key.StartsWith("traefik.http.routers.", StringComparison.Ordinal)
            || one.Key.StartsWith("traefik.frontend.", StringComparison.Ordinal)
        );
        var port = labels
            .Where(static one =>
                one.Key.EndsWith(TraefikService, StringComparison.Ordinal) || one.Key == "traefik.port"
            )
            .Select(static one => ComposeValues.Whole((one.Value as Piece.Word)?.Text ?? ""))
            .FirstOrDefault(static one => one is > 0 and <= 65535);
        var environment = service.Find("environment") as Piece.Group;
        var isProxied = environment?.Find("VIRTUAL_HOST") is Piece.Word { IsNothing: false };
        return (
            isTraefiks || isProxied,
            isTraefiks ? port
            : isProxied ? Variable(service, "VIRTUAL_PORT")
            : null
        );
    }

    /// <summary>The port at which a variable of another service names it: <c>http://ollama:11434</c>.</summary>
    private static int? Called(string name, ComposeFile file) =>
        file
            .Services.Values.SelectMany(static one => (one.Find("environment") as Piece.Group)?.Entries ?? [])
            .Select(one => one.Value is Piece.Word word ? PortBehind(word.Text, name) : null)
            .FirstOrDefault(static port => port is not null);

    private static int? PortBehind(string value, string name)
    {
        var at = value.IndexOf($"{name}:", StringComparison.Ordinal);
        if (at < 0 || (at > 0 && value[at - 1] is not ('/' or '@' or ',' or '=')))
        {
            return null;
        }
        var rest = value.AsSpan(at + name.Length + 1);
        var digits = rest.Length - rest.TrimStart("0123456789").Length;
        return ComposeValues.Whole(rest[..digits].ToString()) is > 0 and <= 65535 and var port ? port : null;
    }

    private static int? Variable(Piece.Group service, string name) =>
        (service.Find("environment") as Piece.Group)?.Find(name) is Piece.Word word
        && ComposeValues.Whole(word.Text) is > 0 and <= 65535 and var port
            ? port
            : null;
}
