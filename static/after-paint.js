{const script=document.createElement("script");script.src=document.currentScript.dataset.src;requestAnimationFrame(()=>setTimeout(()=>document.body.append(script)))}
