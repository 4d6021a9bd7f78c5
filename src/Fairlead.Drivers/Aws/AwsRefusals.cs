using System.Globalization;
using System.Text.Json;
using System.Xml;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Aws;

/// <summary>
/// What AWS says when it does not do something: in JSON, in XML or in a header, by names that differ from service to service. Those that have
/// nothing to do with what was asked are problems here; the others are for whoever asked.
/// </summary>
internal static class AwsRefusals
{
    private const int LettersMax = 500;

    private static readonly HashSet<string> Busy = new(StringComparer.Ordinal)
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    };

    private static readonly HashSet<string> Over = new(StringComparer.Ordinal)
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "RequestExpired",
        "TokenRefreshRequired",
    };

    private static readonly HashSet<string> Unknown = new(StringComparer.Ordinal)
    {
        "AuthFailure",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "InvalidToken",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    };

    private static readonly HashSet<string> Denied = new(StringComparer.Ordinal)
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "OptInRequired",
        "UnauthorizedOperation",
    };

    private static readonly HashSet<string> UsedUp = new(StringComparer.Ordinal)
    {
        "CodeStorageExceededException",
        "LimitExceeded",
        "LimitExceededException",
        "ServiceQuotaExceededException",
        "TooManyListeners",
        "TooManyRules",
        "TooManyTargetGroups",
        "TooManyTargets",
    };

    /// <summary>The answer with its reason, wherever that stands.</summary>
    public static AwsAnswer Read(HttpResponseMessage response, byte[] body)
    {
        var answer = new AwsAnswer((int)response.StatusCode, body)
        {
            Headers = response
                .Headers.Concat(response.Content.Headers)
                .GroupBy(static one => one.Key, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(
                    static one => one.Key,
                    static one => string.Join(", ", one.SelectMany(static values => values.Value)),
                    StringComparer.OrdinalIgnoreCase
                ),
        };
        if (answer.IsDone)
        {
            return answer;
        }
        var (code, message) = Reason(answer);
        return answer with { Code = Short(code), Message = Short(message) };
    }

    public static bool IsBusy(AwsAnswer answer) =>
        Busy.Contains(answer.Code) || answer.Status is 429 or 500 or 502 or 503 or 504;

    /// <summary>Null where the reason lies in what was asked.</summary>
    public static Problem? Of(AwsCall call, AwsAnswer answer) =>
        Over.Contains(answer.Code) ? Expired(call, answer)
        : Unknown.Contains(answer.Code) ? WrongCredentials(call, answer)
        // S3 says no more than 403 to some who ask whether something is there.
        : Denied.Contains(answer.Code) || (answer.Status is 401 or 403 && answer.Code.Length == 0)
            ? NotAllowed(call, answer)
        : UsedUp.Contains(answer.Code) ? Quota(call, answer)
        : null;

    public static Problem TooOften(AwsCall call, AwsAnswer answer, int tries) =>
        new(
            "aws.busy",
            What: $"AWS did not do {call}.",
            Why: string.Create(
                CultureInfo.InvariantCulture,
                $"It was asked {tries} times, and answered {answer.Status} {answer.Code} each time: {answer.Message}"
            ),
            Fix: "Nothing: it is tried again later. If it stays so, see who else asks much with this account, or have the quota of requests raised."
        )
        {
            Trouble = Trouble.Unreachable,
        };

    public static Problem Unreachable(AwsCall call, Uri address, Exception caught) =>
        new(
            "aws.unreachable",
            What: $"AWS {call.Service} does not answer.",
            Why: $"{address.GetLeftPart(UriPartial.Authority)}: {caught.GetBaseException().Message}",
            Fix: "Check the region, AWS_ENDPOINT_URL where it is set, and whether this machine reaches it."
        )
        {
            Trouble = Trouble.Unreachable,
        };

    private static Problem Expired(AwsCall call, AwsAnswer answer) =>
        new(
            "aws.expired",
            What: $"AWS did not do {call}: the server's credentials are over.",
            Why: $"{answer.Code}: {answer.Message}",
            Fix: "Renew them where Fairlead is started, for example: aws sso login; credentials in a file are read anew at each request."
        )
        {
            Trouble = Trouble.NeedsPerson,
        };

    private static Problem WrongCredentials(AwsCall call, AwsAnswer answer) =>
        new(
            "aws.wrong-credentials",
            What: $"AWS did not do {call}: it does not know who asks.",
            Why: $"{answer.Code}: {answer.Message}",
            Fix: "See that the key and its secret belong together and are not removed, and that this machine's clock is right: aws sts get-caller-identity"
        )
        {
            Trouble = Trouble.NeedsPerson,
        };

    private static Problem NotAllowed(AwsCall call, AwsAnswer answer) =>
        new(
            "aws.denied",
            What: $"The server's credentials may not do {call}.",
            Why: answer.Code.Length == 0 ? $"It answered {answer.Status}." : $"{answer.Code}: {answer.Message}",
            Fix: $"Give their user or role this action: {call}. All that is needed is in docs/guides/aws.md"
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    private static Problem Quota(AwsCall call, AwsAnswer answer) =>
        new(
            "aws.quota",
            What: $"AWS did not do {call}: the account has as much as it may.",
            Why: $"{answer.Code}: {answer.Message}",
            Fix: $"Remove what nobody needs, or have the quota raised: aws service-quotas list-service-quotas --service-code {call.Service}"
        );

    // {"__type":"com.amazonaws.ecs#ClientException","message":"..."}, <ErrorResponse><Error><Code>..., or a header.
    private static (string Code, string Message) Reason(AwsAnswer answer)
    {
        var named = answer.Headers.GetValueOrDefault("x-amzn-ErrorType")?.Split(':')[0] ?? "";
        try
        {
            if (answer.Body is [(byte)'{', ..])
            {
                var json = answer.Json();
                var code = TextOf(json["__type"]) ?? TextOf(json["code"]) ?? TextOf(json["Code"]) ?? "";
                return (
                    named.Length > 0 ? named : code.Split('#')[^1],
                    TextOf(json["message"]) ?? TextOf(json["Message"]) ?? ""
                );
            }
            if (answer.Body is [(byte)'<', ..])
            {
                var words = answer.Xml().DescendantsAndSelf().ToList();
                return (
                    words.FirstOrDefault(static one => one.Name.LocalName is "Code")?.Value ?? named,
                    words.FirstOrDefault(static one => one.Name.LocalName is "Message")?.Value ?? ""
                );
            }
        }
        catch (Exception caught) when (caught is JsonException or XmlException)
        {
            return (named, "no reason that could be read");
        }
        return (named, "");
    }

    private static string? TextOf(System.Text.Json.Nodes.JsonNode? node) =>
        node is System.Text.Json.Nodes.JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    // An answer could be anything.
    private static string Short(string text) => text.Length > LettersMax ? text[..LettersMax] : text;
}
