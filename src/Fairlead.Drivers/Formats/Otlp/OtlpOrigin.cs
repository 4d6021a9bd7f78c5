using Fairlead.Drivers.Formats.Protobuf;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Formats.Otlp;

/// <summary>Where the items of a request come from: the resource that sent them, and the library that made them.</summary>
/// <param name="Resource">Its attributes.</param>
internal sealed record OtlpOrigin(IReadOnlyList<Label> Resource, string Scope);

/// <summary>Reads an item, such as a span.</summary>
internal delegate void OtlpItem(OtlpOrigin origin, ProtobufReader item);

/// <summary>
/// Walks through a request. Those of all three signals have one shape: <c>{1: {1: resource, 2: {1: scope, 2: item}}}</c>, in
/// opentelemetry/proto/collector/*/v1.
/// </summary>
internal static class OtlpRequest
{
    /// <summary>Items of one request; an empty item has only two bytes, and each takes memory.</summary>
    public const int ItemsMax = 200_000;

    /// <exception cref="InvalidDataException">It is no such request, or has too many items.</exception>
    public static void Walk(ReadOnlySpan<byte> request, OtlpItem read)
    {
        var items = 0;
        var resources = new ProtobufReader(request);
        while (resources.Next())
        {
            if (resources.Field == 1)
            {
                var sent = resources.Message();
                // Fields may come in any order, so the resource is looked for first.
                Scopes(sent, Resource(sent), read, ref items);
            }
        }
    }

    private static List<Label> Resource(ProtobufReader sent)
    {
        var attributes = new List<Label>();
        while (sent.Next())
        {
            if (sent.Field == 1)
            {
                Attributes(sent.Message(), 1, attributes);
            }
        }
        return attributes;
    }

    private static void Scopes(ProtobufReader sent, IReadOnlyList<Label> resource, OtlpItem read, ref int items)
    {
        while (sent.Next())
        {
            if (sent.Field != 2)
            {
                continue;
            }
            var scope = sent.Message();
            OtlpOrigin? origin = null;
            var inside = scope;
            while (inside.Next())
            {
                if (inside.Field != 2)
                {
                    continue;
                }
                if (++items > ItemsMax)
                {
                    throw new InvalidDataException($"There are more than {ItemsMax} items in one request.");
                }
                read(origin ??= new(resource, ScopeName(scope)), inside.Message());
            }
        }
    }

    private static string ScopeName(ProtobufReader scope)
    {
        var name = "";
        while (scope.Next())
        {
            if (scope.Field == 1)
            {
                var said = scope.Message();
                while (said.Next())
                {
                    if (said.Field == 1)
                    {
                        name = OtlpText.Of(said.Bytes(), Span.NameCharsMax);
                    }
                }
            }
        }
        return name;
    }

    private static void Attributes(ProtobufReader from, int field, List<Label> into)
    {
        while (from.Next())
        {
            if (from.Field == field)
            {
                OtlpValue.Add(into, from.Message(), (SpanSender.AttributesMax, Span.ValueCharsMax));
            }
        }
    }
}
