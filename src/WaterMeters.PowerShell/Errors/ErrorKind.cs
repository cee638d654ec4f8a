using System.Management.Automation;

namespace WaterMeters.PowerShell.Errors;

/// <summary>What all errors of one identifier have in common; a script, docs/errors.md and the tests know them by it.</summary>
/// <param name="Id">The stable identifier: what FullyQualifiedErrorId begins with.</param>
/// <param name="Category">The category.</param>
/// <param name="Target">What TargetObject is.</param>
/// <param name="When">When it happens.</param>
/// <param name="Remedy">What to do next, in general; the message says it for the case.</param>
/// <param name="FileDecides">Whether the category is that of the file system's answer where there was one.</param>
internal sealed record ErrorKind(string Id, ErrorCategory Category, string Target, string When, string Remedy, bool FileDecides = false);
