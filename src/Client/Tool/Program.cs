using YMaskNet.Client.Tool;

return await YMaskNetTool.RunAsync(args, Terminal.OfProcess());
