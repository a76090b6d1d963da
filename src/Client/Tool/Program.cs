using System.CommandLine;

RootCommand command = new("Inspects images with a YMaskNet server.");
return await command.Parse(args).InvokeAsync();
