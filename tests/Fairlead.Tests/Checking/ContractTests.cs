using System.Text;
using System.Text.Json;
using Fairlead.Engine.Checking.Contracts;
using Fairlead.Engine.Checking.OpenApi;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Checking;

/// <summary>What is asked of a service by its document, and how its answers are judged.</summary>
public sealed class ContractTests
{
    private const string Shop = """
        openapi: 3.0.3
        paths:
          /orders/{id}:
            parameters: [{ name: id, in: path, required: true, schema: { type: integer, minimum: 5 } }]
            get:
              parameters:
                - { name: fields, in: query, required: true, example: 'a b', schema: { type: string } }
                - { name: unused, in: query, schema: { type: string } }
                - { name: X-Trace, in: header, required: true, schema: { type: string, format: uuid } }
              responses:
                '200':
                  headers: { ETag: { required: true, schema: { type: string } } }
                  content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } }
                '404': { description: none }
          /orders:
            post:
              requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
              responses: { '2XX': { description: made } }
          /codes:
            get:
              parameters: [{ name: code, in: query, required: true, schema: { type: string, pattern: '^[A-Z]{3}$' } }]
              responses: { '200': { description: ok } }
        components:
          schemas:
            Order:
              type: object
              required: [id, lines, note]
              additionalProperties: false
              properties:
                id: { type: integer, readOnly: true }
                note: { type: string, nullable: true, maxLength: 10 }
                secret: { type: string, writeOnly: true }
                lines: { type: array, minItems: 1, items: { type: object, required: [kind], properties: { kind: { enum: [book, pen] }, count: { type: integer, minimum: 1 } } } }
        """;

    private static readonly ApiDocument Document = ApiDocument.Read(Encoding.UTF8.GetBytes(Shop), "openapi.yaml");

    [Fact]
    public void Requests_are_made_of_examples_and_of_the_simplest_values_that_fit() =>
        Assert.Equal(
            [
                "GET http://127.0.0.1:81/v1/orders/5?fields=a%20b X-Trace: 00000000-0000-4000-8000-000000000000 | ",
                "POST http://127.0.0.1:81/v1/orders Content-Type: application/json | {\"lines\":[{\"kind\":\"book\"}],\"note\":\"text\"}",
                "No value for code can be made; give it an example.",
            ],
            Document.Operations.Select(static one =>
            {
                var made = ContractCase.Of(Document, one, new Uri("http://127.0.0.1:81/v1/"), []);
                return made.Order is { } order
                    ? $"{order.Method} {order.Url.AbsoluteUri} {string.Join(", ", order.Headers.Select(static header => $"{header.Key}: {header.Value}"))} | {Encoding.UTF8.GetString(order.Body ?? [])}"
                    : made.Reason;
            })
        );

    [Theory]
    [InlineData(200, "application/json", "{\"id\":5,\"note\":null,\"lines\":[{\"kind\":\"pen\"}]}", true, "")]
    [InlineData(404, "text/html", "", true, "")]
    [InlineData(418, "text/html", "", true, "status-unknown")]
    [InlineData(500, "text/html", "", true, "server-error")]
    [InlineData(200, "text/html; charset=utf-8", "<html>", true, "content-type")]
    [InlineData(200, "application/json", "{", true, "body")]
    [InlineData(
        200,
        "application/json",
        "{\"id\":5,\"note\":null,\"lines\":[{\"kind\":\"pen\"}]}",
        false,
        "header-missing"
    )]
    [InlineData(
        200,
        "application/json",
        "{\"id\":\"5\",\"note\":\"far too long\",\"lines\":[],\"more\":1}",
        true,
        "body body body body"
    )]
    [InlineData(
        200,
        "application/json",
        "{\"id\":5.0,\"note\":null,\"lines\":[{\"kind\":\"tin\",\"count\":0}]}",
        true,
        "body body"
    )]
    [InlineData(200, "application/json", "[]", true, "body")]
    public void Answers_are_what_the_document_promises(int status, string type, string body, bool hasTag, string rules)
    {
        var made = ContractCase.Of(Document, Document.Operations[0], new Uri("http://127.0.0.1:81/"), []);
        var answer = new CallAnswer(
            status,
            [
                new("content-type", type),
                .. hasTag ? [KeyValuePair.Create("etag", "\"1\"")] : Array.Empty<KeyValuePair<string, string>>(),
            ],
            Encoding.UTF8.GetBytes(body),
            IsWhole: true,
            Failure: null
        );
        Assert.Equal(
            rules,
            string.Join(' ', ContractJudge.Judge(Document, made, answer).Findings.Select(static one => one.Rule))
        );
    }

    [Theory]
    [InlineData("type: [string, 'null']", "null", "")]
    [InlineData("type: string", "null", ". is null, not string")]
    [InlineData("oneOf: [{ type: integer }, { type: number }]", "1", ". fits 2 of 2 alternatives, not one (oneOf)")]
    [InlineData("anyOf: [{ type: integer }, { type: string }]", "true", ". fits none of 2 alternatives (anyOf)")]
    [InlineData("not: { type: string }", "\"a\"", ". is what it must not be (not)")]
    [InlineData("const: 1", "1.0", "")]
    [InlineData("enum: [a, 2]", "\"2\"", ". is \"2\", which is none of [\"a\", 2]")]
    [InlineData("type: array\nuniqueItems: true", "[1,2,1]", ". has an item twice")]
    [InlineData("type: number\nmultipleOf: 0.1", "0.3", "")]
    [InlineData("type: number\nexclusiveMaximum: 3", "3", ". is 3, beyond its limits")]
    [InlineData(
        "type: string\npattern: '^(a+)+$'",
        "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\"",
        ". does not fit the pattern ^(a+)+$"
    )]
    [InlineData("type: string\npattern: '(?=a)'", "\"b\"", "")]
    [InlineData("type: string\nformat: date-time", "\"2026-01-31T12:00:00\"", ". is no date-time")]
    [InlineData("type: string\nmaxLength: 1", "\"👩‍🚀\"", "")]
    [InlineData("additionalProperties: { type: integer }", "{\"a\":1,\"b\":\"x\"}", ".b is string, not integer")]
    [InlineData("properties: { a: { $ref: '#/components/schemas/S' } }", "{\"a\":{\"a\":{\"a\":1}}}", "")]
    [InlineData("allOf: [{ $ref: '#/components/schemas/S' }]", "{}", "")]
    public void Values_fit_their_schemas(string schema, string value, string faults)
    {
        var text =
            "openapi: 3.1.0\npaths: {}\ncomponents:\n  schemas:\n    S:\n"
            + string.Concat(schema.Split('\n').Select(static line => $"      {line}\n"));
        var document = ApiDocument.Read(Encoding.UTF8.GetBytes(text), "api");
        using var json = JsonDocument.Parse(value);
        Assert.Equal(
            faults,
            string.Join(
                '\n',
                new SchemaCheck(document).Faults(document.Root["components"]?["schemas"]?["S"], json.RootElement)
            )
        );
    }
}
