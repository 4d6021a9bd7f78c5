using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using Fairlead.Model.Problems;
using Fairlead.Model.Web;

namespace Fairlead.Model.Ports;

/// <summary>The APIs of AWS. What they are asked is made, and what they say is read, by those who ask.</summary>
public interface IAws
{
    /// <summary>The region that the server's own variables and files say.</summary>
    string Region { get; }

    /// <summary>Where a service answers, such as <c>https://lambda.eu-central-1.amazonaws.com</c>, without a slash at the end.</summary>
    Uri AddressOf(AwsCall call);

    /// <summary>
    /// Asks, signed, and again while AWS says that it was asked too often or is not well. What AWS refuses for a reason that lies in the request
    /// is an answer too.
    /// </summary>
    /// <exception cref="ProblemException">
    /// It does not answer, or there are no credentials, or they are over, unknown, or may not do this, or a quota is used up.
    /// </exception>
    Task<AwsAnswer> AskAsync(AwsCall call, CancellationToken stop);
}

/// <summary>One request to an API of AWS. Made twice, it has to do no harm: an answer may be lost.</summary>
/// <param name="Service">As signatures name it, such as <c>lambda</c>.</param>
/// <param name="Action">What it does, for people and policies, such as <c>PublishVersion</c>.</param>
/// <param name="Method">Of HTTP.</param>
/// <param name="Path">With its query, escaped, beginning with a slash.</param>
public sealed record AwsCall(string Service, string Action, string Method, string Path)
{
    /// <summary>Null for <see cref="IAws.Region"/>.</summary>
    public string? Region { get; init; }

    /// <summary>It has one place for all regions, as CloudFront.</summary>
    public bool IsGlobal { get; init; }

    /// <summary>A bucket whose name comes before the host, where that can be; null for none.</summary>
    public string? Bucket { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public string? ContentType { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"{Service}:{Action}";
}

/// <summary>What AWS said.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="Body">At most 16 MiB.</param>
public sealed record AwsAnswer(int Status, byte[] Body)
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Why it was refused, such as <c>ResourceNotFoundException</c>; empty where it was done.</summary>
    public string Code { get; init; } = "";

    /// <summary>The same in a sentence of AWS; empty where it was done.</summary>
    public string Message { get; init; } = "";

    public bool IsDone => Status is >= 200 and < 300;

    /// <summary>The body as JSON; an empty object where there is none.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public JsonObject Json()
    {
        if (Body.Length == 0)
        {
            return [];
        }
        return JsonTexts.Read(Body) as JsonObject ?? throw new JsonException("It is no object.");
    }

    /// <summary>The body as XML.</summary>
    /// <exception cref="XmlException">It is none.</exception>
    public XElement Xml()
    {
        using var reader = XmlReader.Create(
            new MemoryStream(Body),
            new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null }
        );
        return XElement.Load(reader);
    }

    public string Text() => Encoding.UTF8.GetString(Body);
}
