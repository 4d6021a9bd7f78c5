using System.Globalization;
using System.Text.Json;
using Fairlead.Engine.Checking.OpenApi;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Checking.Contracts;

/// <summary>Whether an answer is what the document promises: its status, its content type, its headers and its body.</summary>
internal static class ContractJudge
{
    private const string Fix = "Mend the service, or say in the document what it does.";

    /// <returns>What is broken of the promise; and what could not be proven, null when all could.</returns>
    public static (IReadOnlyList<CheckFinding> Findings, string? Note) Judge(
        ApiDocument document,
        ContractCase asked,
        CallAnswer answer
    )
    {
        var operation = asked.Operation;
        var where = $"{operation}: {answer.Status}";
        if (answer.Failure is { } failure)
        {
            return ([Finding("no-answer", operation.ToString(), "There was no answer.", failure, operation)], null);
        }
        if (answer.Status is 401 or 403 && operation.Security.Count > 0 && Response(operation, answer.Status) is null)
        {
            return (
                [],
                $"{operation} answers {answer.Status}: it wants proof. Say it under 'headers' of 'contract' in {ChecksFile.Name}."
            );
        }
        if (Response(operation, answer.Status) is not { } promised)
        {
            return (
                [
                    Finding(
                        answer.Status >= 500 ? "server-error" : "status-unknown",
                        where,
                        $"It answers {answer.Status}.",
                        $"Promised are {string.Join(", ", operation.Responses.Keys)}.",
                        operation
                    ),
                ],
                null
            );
        }
        List<CheckFinding> findings =
        [
            .. Failing(where, operation, answer),
            .. Headers(document, promised, answer, (where, operation)),
            .. Body(document, promised, answer, (where, operation)),
        ];
        return (
            findings,
            asked.IsGuess && answer.Status == 404
                ? $"{operation} answers 404 for a value that was made up. Give its path an example of something that is there."
                : null
        );
    }

    private static IEnumerable<CheckFinding> Failing(string where, ApiOperation operation, CallAnswer answer)
    {
        if (answer.Status >= 500)
        {
            yield return Finding(
                "server-error",
                where,
                $"It answers {answer.Status}.",
                "A service that fails keeps no promise, though the document tells of it.",
                operation
            );
        }
    }

    private static IEnumerable<CheckFinding> Headers(
        ApiDocument document,
        ApiResponse promised,
        CallAnswer answer,
        (string Where, ApiOperation Operation) place
    ) =>
        promised
            .Headers.Where(one => one.Value.IsRequired && answer.Header(one.Key) is null)
            .Select(one =>
                Finding(
                    "header-missing",
                    $"{place.Where} header {one.Key}",
                    $"The header {one.Key} is missing.",
                    "It is promised to be always there.",
                    place.Operation
                ) with
                {
                    File = one.Value.Written.Place.Text(document.File),
                }
            );

    private static IEnumerable<CheckFinding> Body(
        ApiDocument document,
        ApiResponse promised,
        CallAnswer answer,
        (string Where, ApiOperation Operation) place
    )
    {
        if (promised.Content.Count == 0 || answer.Status is 204 or 304 || place.Operation.Method == "HEAD")
        {
            yield break;
        }
        var type = answer.Header("Content-Type") ?? "";
        if (!promised.Content.Keys.Any(one => Covers(one, type)))
        {
            yield return Finding(
                "content-type",
                place.Where,
                type.Length == 0 ? "The answer says no content type." : $"The answer is {type}.",
                $"Promised is {string.Join(" or ", promised.Content.Keys)}.",
                place.Operation
            );
            yield break;
        }
        var schema = promised.Content.First(one => Covers(one.Key, type)).Value;
        if (schema is null || !ContractCase.IsJson(type) || !answer.IsWhole)
        {
            yield break;
        }
        var (value, fault) = Read(answer.Body);
        if (value is not { } json)
        {
            yield return Finding("body", place.Where, "The body is no JSON.", fault!, place.Operation); // There is one or the other.
            yield break;
        }
        foreach (var one in new SchemaCheck(document).Faults(schema, json))
        {
            yield return Finding(
                "body",
                place.Where,
                $"The body does not fit: {one}.",
                "Callers who trust the document fail.",
                place.Operation
            );
        }
    }

    private static (JsonElement? Value, string? Fault) Read(byte[] body)
    {
        try
        {
            return (AnswerJson.Read(body), null);
        }
        catch (JsonException caught)
        {
            return (null, caught.Message);
        }
    }

    private static ApiResponse? Response(ApiOperation operation, int status) =>
        operation.Responses.GetValueOrDefault(status.ToString(CultureInfo.InvariantCulture))
        ?? operation.Responses.GetValueOrDefault($"{status / 100}XX")
        ?? operation.Responses.GetValueOrDefault("default");

    /// <summary>Whether a promised type, perhaps with stars, covers one that was sent.</summary>
    private static bool Covers(string promised, string sent)
    {
        var (left, right) = (promised.Split(';')[0].Trim().Split('/'), sent.Split(';')[0].Trim().Split('/'));
        return left.Length == 2
            && right.Length == 2
            && (left[0] == "*" || left[0].Equals(right[0], StringComparison.OrdinalIgnoreCase))
            && (left[1] == "*" || left[1].Equals(right[1], StringComparison.OrdinalIgnoreCase));
    }

    private static CheckFinding Finding(string rule, string where, string what, string why, ApiOperation operation) =>
        new("high", rule, where, what, why, Fix, operation.Written.Place.Text(""));
}
